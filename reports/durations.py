"""How long it takes, where some still wait: who waits is counted as not yet, never left out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from reports.estimates import two_sided
from reports.statistics import ENOUGH


class Took(NamedTuple):
    """Hours until it was there; where it is not `over` yet, the hours so far."""

    hours: float
    over: bool


Waits = Counter[Took]
"""How many people waited so long."""


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


def times(waits: Waits) -> Times:
    """Kaplan and Meier, Journal of the American Statistical Association 53 (1958), 457-481."""
    waiting = sum(n for one, n in waits.items() if not one.over)
    return Times(waits.total(), waiting, within(waits, 0.5), within(waits, 0.9))


def within(waits: Waits, share: float) -> float | None:
    """The hours within which this share of people had it: a time that somebody really had. None: they have it not yet."""
    left = 1.0
    for hours, ended, at_risk in _steps(waits):
        left *= 1 - ended / at_risk
        if left <= 1 - share + 1e-9:
            return hours
    return None


def _steps(waits: Waits) -> Iterator[tuple[float, int, int]]:
    """(hours, for how many it ended then, who waited until then); whoever still waits at that hour counts as there."""
    ended, left = _by_hours(waits)
    at_risk = waits.total()
    for hours in sorted(left):
        if ended[hours]:
            yield hours, ended[hours], at_risk
        at_risk -= left[hours]


def _by_hours(*all_waits: Waits) -> tuple[Counter[float], Counter[float]]:
    """hours → for how many it ended then, and how many were looked at no longer than that"""
    ended, left = Counter[float](), Counter[float]()
    for waits in all_waits:
        for one, n in waits.items():
            left[one.hours] += n
            ended[one.hours] += n * one.over
    return ended, left


def slower(some: Waits, others: Waits) -> tuple[float, float] | None:
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
    z = (expected - sum(n for one, n in some.items() if one.over)) / variance**0.5
    return z, two_sided(z)


def _together(some: Waits, others: Waits) -> Iterator[tuple[int, int, int]]:
    """At each hour at which it ended for somebody: how many of these waited until then; for how many it ended, of how many."""
    _ended, mine = _by_hours(some)
    ended, left = _by_hours(some, others)
    of_these, of_all = some.total(), some.total() + others.total()
    for hours in sorted(left):
        if ended[hours]:
            yield of_these, ended[hours], of_all
        of_these, of_all = of_these - mine[hours], of_all - left[hours]
