"""How long it takes, where some still wait: who waits is counted as not yet, never left out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reports.estimates import two_sided
from reports.statistics import ENOUGH


class Took(NamedTuple):
    """Hours until it was there; where it is not `over` yet, the hours so far."""

    hours: float
    over: bool


@dataclass(frozen=True, slots=True)
class Times:
    """Of `n` people, `waiting` still wait. Half had it within `median` hours, nine in ten within `ninety`; None: not yet."""

    n: int
    waiting: int
    median: float | None
    ninety: float | None

    @property
    def enough(self) -> bool:
        return self.n >= ENOUGH


NOBODY = Times(0, 0, None, None)


def times(took: Sequence[Took]) -> Times:
    """Kaplan and Meier, Journal of the American Statistical Association 53 (1958), 457-481."""
    waiting = sum(not one.over for one in took)
    return Times(len(took), waiting, within(took, 0.5), within(took, 0.9))


def within(took: Iterable[Took], share: float) -> float | None:
    """The hours within which this share of people had it: a time that somebody really had. None: they have it not yet."""
    left = 1.0
    for hours, ended, at_risk in _steps(took):
        left *= 1 - ended / at_risk
        if left <= 1 - share + 1e-9:
            return hours
    return None


def _steps(took: Iterable[Took]) -> Iterator[tuple[float, int, int]]:
    """(hours, for how many it ended then, who waited until then); whoever still waits at that hour counts as there."""
    ended, waited = Counter[float](), Counter[float]()
    for one in took:
        (ended if one.over else waited)[one.hours] += 1
    at_risk = ended.total() + waited.total()
    for hours in sorted({*ended, *waited}):
        if ended[hours]:
            yield hours, ended[hours], at_risk
        at_risk -= ended[hours] + waited[hours]


def slower(some: Sequence[Took], others: Sequence[Took]) -> tuple[float, float] | None:
    """(how much longer these wait: negative where they wait less; how often chance alone does that). None: nothing to compare.

    The log-rank test of two groups, with the variance for ties: at each hour, how many of these would have been
    done if everybody had the same chance, less how many were.
    Source: N. Mantel, Cancer Chemotherapy Reports 50 (1966), 163-170.
    """
    expected = variance = 0.0
    for of_these, ended, of_all in _together(some, others):
        share = of_these / of_all
        expected += ended * share
        variance += ended * share * (1 - share) * (of_all - ended) / (of_all - 1) if of_all > 1 else 0.0
    if variance <= 0:
        return None
    z = (expected - sum(one.over for one in some)) / variance**0.5
    return z, two_sided(z)


def _together(some: Sequence[Took], others: Sequence[Took]) -> Iterator[tuple[int, int, int]]:
    """At each hour at which it ended for somebody: how many of these waited until then; for how many it ended, of how many."""
    mine, ended, left = Counter[float](), Counter[float](), Counter[float]()
    for one in some:
        mine[one.hours] += 1
    for one in (*some, *others):
        ended[one.hours] += one.over
        left[one.hours] += 1
    of_these, of_all = len(some), len(some) + len(others)
    for hours in sorted(left):
        if ended[hours]:
            yield of_these, ended[hours], of_all
        of_these, of_all = of_these - mine[hours], of_all - left[hours]
