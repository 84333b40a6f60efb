"""Formulas, as pure functions: a share, a score and a waiting time, each with what chance explains."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z95 = 1.959963984540054  # the two-sided 95 % point of the normal distribution
ENOUGH = 30


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, with its 95 % Wilson interval; all of them fractions from 0 to 1."""

    hits: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.hits / self.n

    @property
    def enough(self) -> bool:
        return self.n >= ENOUGH


@dataclass(frozen=True, slots=True)
class Measured:
    """What `n` values say, and its 95 % interval."""

    value: float
    n: int
    low: float
    high: float

    @property
    def enough(self) -> bool:
        return self.n >= ENOUGH


class Promoters(Measured):
    """A Net Promoter Score, in points from -100 to 100."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One share minus an earlier one, with its 95 % interval; fractions from -1 to 1."""

    value: float
    low: float
    high: float

    @property
    def real(self) -> bool:
        """True when chance alone does not explain it: the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def share(hits: int, n: int) -> Share | None:
    """Wilson's score interval without continuity correction; None where n is 0.

    Centre (p + z²/2n) / (1 + z²/n), half width z √(p(1-p)/n + z²/4n²) / (1 + z²/n), p = hits/n.
    Source: E. B. Wilson, JASA 22 (1927), 209-212; R. G. Newcombe, Statistics in Medicine 17 (1998), method 3.
    ValueError unless 0 ≤ hits ≤ n.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is not a share")
    return Share(hits, n, *_wilson(hits, n)) if n else None


def _wilson(hits: int, n: int) -> tuple[float, float]:
    p, z2 = hits / n, Z95 * Z95
    centre = p + z2 / (2 * n)
    half = Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low, high = (centre - half) / (1 + z2 / n), (centre + half) / (1 + z2 / n)
    return (0.0 if hits == 0 else low), (1.0 if hits == n else high)


def top_two_box(counts: Sequence[int]) -> Share | None:
    """CSAT: the share of scores 4 and 5 among `counts`, the numbers of scores 1, 2, 3, 4 and 5; None without scores."""
    return share(sum(counts[-2:]), sum(counts))


def mean(counts: Sequence[int]) -> float | None:
    """The mean score of `counts`, the numbers of scores 1, 2, 3 …; None without scores."""
    n = sum(counts)
    return sum(score * count for score, count in enumerate(counts, 1)) / n if n else None


def net_promoters(promoters: int, passives: int, detractors: int) -> Promoters | None:
    """NPS = 100 (promoters - detractors) / n for scores 9-10, 7-8 and 0-6; None where n is 0.

    Interval: adjusted Wald with three answers added as ¾, 1½ and ¾, which holds its 95 % also for small n and
    near ±100; widened where needed so that it includes the score itself.
    Source: B. Rocks, Interval Estimation for the Net Promoter Score, The American Statistician 70 (2016), 365-372.
    """
    n = promoters + passives + detractors
    if not n:
        return None
    value = (promoters - detractors) / n
    low, high = _adjusted_wald((promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3), n + 3)
    return Promoters(100 * value, n, 100 * max(-1.0, min(low, value)), 100 * min(1.0, max(high, value)))


def _adjusted_wald(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    centre = promoters - detractors
    half = Z95 * math.sqrt((promoters + detractors - centre * centre) / n)
    return centre - half, centre + half


def difference(now: Share, before: Share) -> Difference:
    """How far two independent shares lie apart: Newcombe's hybrid score interval, from both Wilson intervals.

    Source: R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10.
    """
    value = now.value - before.value
    down = math.hypot(now.value - now.low, before.high - before.value)
    up = math.hypot(now.high - now.value, before.value - before.low)
    return Difference(value, value - down, value + up)


def percentile(values: Sequence[float], p: float) -> float | None:
    """The value below which `p` percent lie, in the unit of `values`, between neighbours by straight line.

    Source: R. J. Hyndman and Y. Fan, The American Statistician 50 (1996), 361-365, type 7. None without values.
    """
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * p / 100
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Sequence[float]) -> float | None:
    """The middle value (the mean of the two in the middle); None without values."""
    return percentile(values, 50)
