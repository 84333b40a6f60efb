"""Scores that are no shares, and how far two figures lie apart: pure functions, each with what chance explains."""

import math
from collections.abc import Mapping
from typing import Protocol

from reports.statistics import Z95, Difference, Measured

FLOOR = 1e-12
MANY = 1000


class Estimate(Protocol):
    """A figure with its 95 % interval, in one unit."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def enough(self) -> bool: ...


class Mean(Measured):
    """The mean of the values, in their unit."""

    __slots__ = ()


def mean_of(counts: Mapping[int, int], lowest: float, highest: float) -> Mean | None:
    """The mean of values that were given `counts[value]` times, on a scale from `lowest` to `highest`; None without any.

    Student's interval, mean ± t(n-1) s/√n, kept within the scale. One value alone tells nothing: the whole scale.
    Values that are all alike do not make it certain: then one more at either end of the scale is imagined.
    """
    n = sum(counts.values())
    if not n:
        return None
    mean = sum(value * count for value, count in counts.items()) / n
    if n == 1:
        return Mean(mean, n, lowest, highest)
    squares = sum(count * (value - mean) ** 2 for value, count in counts.items())
    if squares < FLOOR:
        return Mean(mean, n, *_alike(mean, n, lowest, highest))
    half = student(n - 1) * math.sqrt(squares / (n - 1) / n)
    return Mean(mean, n, max(lowest, mean - half), min(highest, mean + half))


def _alike(mean: float, n: int, lowest: float, highest: float) -> tuple[float, float]:
    """By the rule of three: with 95 % certainty fewer than 3/n of all people would say something else."""
    others = min(1.0, 3 / n)
    return mean - others * (mean - lowest), mean + others * (highest - mean)


def student(freedom: int) -> float:
    """The two-sided 95 % point of Student's t; exact to 0.0005 from 6 degrees of freedom on, tabulated below.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
    """
    if freedom <= len(_FEW):
        return _FEW[freedom - 1]
    z = Z95
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / float(freedom) ** power for power, term in enumerate(terms, 1))


_FEW = (12.7062047, 4.3026527, 3.1824463, 2.7764451, 2.5705818)


def apart(now: Estimate, before: Estimate) -> Difference:
    """How far two independent figures lie apart, from their own intervals (Newcombe's method 10, which holds for any of them).

    Source: G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008), 1693-1702 (MOVER).
    """
    value = now.value - before.value
    down = math.hypot(now.value - now.low, before.high - before.value)
    up = math.hypot(now.high - now.value, before.value - before.low)
    return Difference(value, value - down, value + up)


def change(now: Estimate | None, before: Estimate | None) -> Difference | None:
    """None where either has fewer than 30: then no change is claimed."""
    return apart(now, before) if now and before and now.enough and before.enough else None


def two_sided(z: float) -> float:
    """How often chance alone gives a normal value as far from zero as `z`."""
    return math.erfc(abs(z) / math.sqrt(2))


def tossed(heads: int, tails: int) -> float:
    """How often a fair coin falls as unevenly as this, or more: the two-sided sign test, which is McNemar's exact one.

    Source: Q. McNemar, Psychometrika 12 (1947), 153-157. Above a thousand by the normal curve, with Yates's correction.
    """
    n, fewer = heads + tails, min(heads, tails)
    if n > MANY:
        return two_sided(max(0.0, n - 2 * fewer - 1) / math.sqrt(n))
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(fewer + 1)) / 2.0**n)


def holm(chances: Mapping[str, float]) -> dict[str, float]:
    """The same chances where so many comparisons are made at once that one of them would stand out by itself.

    Source: S. Holm, Scandinavian Journal of Statistics 6 (1979), 65-70. All below 0.05 are real together, in 95 of 100 such families.
    """
    found, least = {}, 0.0
    for place, (name, chance) in enumerate(sorted(chances.items(), key=lambda one: one[1])):
        least = max(least, min(1.0, (len(chances) - place) * chance))
        found[name] = least
    return found
