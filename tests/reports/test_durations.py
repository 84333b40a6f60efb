"""How long it takes: against scipy's curves, where some still wait."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.durations import Took, slower, times, within

took = st.lists(
    st.builds(Took, st.integers(0, 60).map(lambda m: m / 60), st.booleans()), min_size=1, max_size=60
)


def curve(rows: list[Took], share: float) -> float | None:
    """The first hour at which so few are left, by scipy's Kaplan-Meier."""
    censored = stats.CensoredData.right_censored([r.hours for r in rows], [not r.over for r in rows])
    left = stats.ecdf(censored).sf
    reached = [
        float(hour)
        for hour, of in zip(left.quantiles, left.probabilities, strict=True)
        if of <= 1 - share + 1e-9
    ]
    return reached[0] if reached else None


@given(took, st.sampled_from([0.5, 0.9]))
def test_half_and_nine_in_ten_are_scipys(rows: list[Took], share: float) -> None:
    if any(row.over for row in rows):
        assert within(Counter(rows), share) == curve(rows, share)
    else:
        assert within(Counter(rows), share) is None


@given(took)
def test_without_anybody_waiting_it_is_the_nearest_rank(rows: list[Took]) -> None:
    ended = sorted(row.hours for row in rows)
    assert within(Counter(Took(hours, True) for hours in ended), 0.5) == ended[(len(ended) + 1) // 2 - 1]


@given(took)
def test_who_waits_is_counted_and_never_makes_it_look_faster(rows: list[Took]) -> None:
    found = times(Counter(rows))
    assert (found.n, found.waiting) == (len(rows), sum(not row.over for row in rows))
    patient = within(Counter([*rows, *(Took(1000, False) for _ in rows)]), 0.5)
    assert found.median is None or patient is None or patient >= found.median


@given(took, took)
def test_two_groups_are_held_apart_as_scipy_does(one: list[Took], other: list[Took]) -> None:
    found = slower(Counter(one), Counter(other))
    if found is None:
        return
    samples = (
        stats.CensoredData.right_censored([r.hours for r in rows], [not r.over for r in rows])
        for rows in (one, other)
    )
    known = stats.logrank(*samples)
    assert abs(found[0]) == pytest.approx(abs(known.statistic), abs=1e-9)
    assert found[1] == pytest.approx(known.pvalue, abs=1e-9)


def test_the_sign_says_who_waits_longer() -> None:
    dice = np.random.default_rng(1)
    short, long = (Counter(Took(float(h), True) for h in dice.exponential(mean, 200)) for mean in (10, 30))
    longer, shorter = slower(long, short), slower(short, long)
    assert longer
    assert shorter
    assert longer[0] > 5
    assert shorter[0] == pytest.approx(-longer[0])
    assert slower(short, Counter()) is None
    assert slower(Counter(), Counter()) is None
