"""Means, points and what lies between two of them: against scipy and numpy, and by drawing again and again."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.estimates import apart, change, holm, mean_of, student, two_sided
from reports.statistics import net_promoters, share

TIMES = 20_000
SHARES = np.linspace(0.1, 0.9, 17)
gaps = st.lists(st.integers(-4, 4), min_size=2, max_size=200)


@pytest.mark.parametrize("freedom", [*range(1, 40), 100, 1000, 100_000])
def test_students_points_are_scipys(freedom: int) -> None:
    assert student(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=5e-4)


@given(gaps)
def test_a_mean_and_its_interval_are_scipys(values: list[int]) -> None:
    found = mean_of(Counter(values), -4, 4)
    assert found
    assert found.value == pytest.approx(np.mean(values))
    if len(set(values)) > 1:
        low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
        assert found.low == pytest.approx(max(-4, low), abs=0.01)
        assert found.high == pytest.approx(min(4, high), abs=0.01)
    assert -4 <= found.low <= found.value <= found.high <= 4


def test_one_value_tells_nothing_and_a_hundred_alike_are_not_certain() -> None:
    alone, alike = mean_of({3: 1}, 1, 7), mean_of({7: 100}, 1, 7)
    assert alone
    assert (alone.low, alone.high) == (1, 7)
    assert alike
    assert alike.low == pytest.approx(7 - 0.03 * 6)
    assert alike.high == 7
    assert mean_of({}, 1, 7) is None


@pytest.mark.parametrize("n", [100, 300, 1000])
def test_a_share_of_a_hundred_or_more_is_held_93_to_97_times_in_a_hundred(n: int) -> None:
    for held in coverage_of_shares(n):
        assert 0.93 <= held <= 0.97


def test_a_share_of_thirty_is_held_as_often_on_average() -> None:
    assert 0.93 <= np.mean(coverage_of_shares(30)) <= 0.97


def coverage_of_shares(n: int) -> list[float]:
    """How often the interval holds the truth, by drawing from each of many true shares."""
    lows, highs = (
        np.array([getattr(share(hits, n), side) for hits in range(n + 1)]) for side in ("low", "high")
    )
    dice = np.random.default_rng(n)
    drawn = [(p, dice.binomial(n, p, TIMES)) for p in SHARES]
    return [float(np.mean((lows[hits] <= p) & (p <= highs[hits]))) for p, hits in drawn]


@pytest.mark.parametrize("n", [100, 400])
@pytest.mark.parametrize("truth", [(0.1, 0.3, 0.6), (0.35, 0.3, 0.35), (0.6, 0.3, 0.1), (0.1, 0.8, 0.1)])
def test_points_are_held_93_to_97_times_in_a_hundred(n: int, truth: tuple[float, float, float]) -> None:
    drawn = np.random.default_rng(n).multinomial(n, truth, 2_000)
    score = 100 * (truth[0] - truth[2])
    found = {tuple(row): net_promoters(*map(int, row)) for row in drawn}
    held = [found[tuple(row)] for row in drawn]
    assert 0.93 <= np.mean([nps is not None and nps.low <= score <= nps.high for nps in held]) <= 0.97


@pytest.mark.parametrize("n", [30, 100, 400])
def test_a_mean_is_held_93_to_97_times_in_a_hundred(n: int) -> None:
    """Of ease from 1 to 7, as people really give it: most of them at the upper end."""
    chances = np.array([0.06, 0.07, 0.1, 0.15, 0.22, 0.25, 0.15])
    truth, drawn = float(chances @ np.arange(1, 8)), np.random.default_rng(n).multinomial(n, chances, 2_000)
    held = [mean_of({v: int(c) for v, c in enumerate(row, 1) if c}, 1, 7) for row in drawn]
    assert 0.93 <= np.mean([m is not None and m.low <= truth <= m.high for m in held]) <= 0.97


@pytest.mark.parametrize("n", [30, 100])
def test_a_change_that_is_none_is_claimed_in_one_of_twenty_at_most(n: int) -> None:
    dice = np.random.default_rng(7)
    claimed = []
    for now, then in dice.binomial(n, 0.4, (4_000, 2)):
        found = change(share(int(now), n), share(int(then), n))
        claimed.append(found is not None and found.real)
    assert np.mean(claimed) <= 0.06


def test_of_fewer_than_thirty_no_change_is_claimed() -> None:
    assert change(share(29, 29), share(0, 300)) is None
    assert change(share(0, 300), None) is None
    found = change(share(30, 30), share(0, 300))
    assert found
    assert found.real


def test_means_lie_as_far_apart_as_welch_says() -> None:
    dice = np.random.default_rng(3)
    one, other = dice.integers(1, 8, 200), dice.integers(2, 8, 300)
    found = apart(*(m for m in (mean_of(Counter(map(int, v)), 1, 7) for v in (one, other)) if m))
    low, high = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.005)


@given(st.floats(-8, 8))
def test_chances_are_those_of_the_normal_curve(z: float) -> None:
    assert two_sided(z) == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_many_comparisons_are_corrected_step_by_step(chances: list[float]) -> None:
    found = holm({str(place): chance for place, chance in enumerate(chances)})
    ordered = sorted(range(len(chances)), key=lambda place: chances[place])
    m = len(chances)
    for rank, place in enumerate(ordered):
        expected = max(min(1.0, (m - k) * chances[ordered[k]]) for k in range(rank + 1))
        assert found[str(place)] == pytest.approx(expected)
