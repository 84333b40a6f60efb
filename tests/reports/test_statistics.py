"""Formulas against published values, independent computations, and what must hold for any data."""

import math
import statistics as oracle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics import Z95, difference, mean, median, net_promoters, percentile, share, top_two_box

counts = st.lists(st.integers(0, 500), min_size=5, max_size=5)
values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_values_newcombe_published(hits: int, n: int, low: float, high: float) -> None:
    found = share(hits, n)
    assert found
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("now", "before", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_difference_gives_the_values_newcombe_published(
    now: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    one, other = share(*now), share(*before)
    assert one
    assert other
    found = difference(one, other)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.real is (low > 0)


@pytest.mark.parametrize("n", [30, 100, 400])
def test_wilson_holds_the_true_share_as_often_as_it_says(n: int) -> None:
    """Exact, by summing the binomial: near 95 % on average over shares from 10 to 90 %."""
    shares = [share(hits, n) for hits in range(n + 1)]
    covered = [
        sum(_binomial(hits, n, p / 100) for hits, s in enumerate(shares) if s and s.low <= p / 100 <= s.high)
        for p in range(10, 91)
    ]
    assert 0.94 < oracle.mean(covered) < 0.96


def _binomial(hits: int, n: int, p: float) -> float:
    return math.comb(n, hits) * p**hits * (1 - p) ** (n - hits)


@pytest.mark.parametrize("truth", [(0.5, 0.3, 0.2), (0.2, 0.3, 0.5), (0.7, 0.2, 0.1), (0.34, 0.33, 0.33)])
def test_nps_interval_holds_the_true_score_as_often_as_it_says(truth: tuple[float, float, float]) -> None:
    n, (up, even, down) = 60, truth
    covered = 0.0
    for promoters in range(n + 1):
        for detractors in range(n + 1 - promoters):
            passives = n - promoters - detractors
            found = net_promoters(promoters, passives, detractors)
            if found and found.low <= 100 * (up - down) <= found.high:
                ways = math.comb(n, promoters) * math.comb(n - promoters, detractors)
                covered += ways * up**promoters * even**passives * down**detractors
    assert 0.93 < covered < 0.97


@given(promoters=st.integers(0, 500), passives=st.integers(0, 500), detractors=st.integers(0, 500))
def test_nps_lies_in_its_interval_and_turns_with_the_scale(
    promoters: int, passives: int, detractors: int
) -> None:
    found, turned = (
        net_promoters(promoters, passives, detractors),
        net_promoters(detractors, passives, promoters),
    )
    if not promoters + passives + detractors:
        assert found is None
        return
    assert found
    assert turned
    assert -100 <= found.low <= found.value <= found.high <= 100
    assert math.isclose(found.value, -turned.value)
    assert math.isclose(found.low, -turned.high, abs_tol=1e-9)


@given(hits=st.integers(0, 3000), misses=st.integers(0, 3000))
def test_a_share_lies_in_its_interval_and_more_answers_narrow_it(hits: int, misses: int) -> None:
    found, wider = share(10 * hits, 10 * (hits + misses)), share(hits, hits + misses)
    if not found or not wider:
        assert hits + misses == 0
        return
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.high - found.low < wider.high - wider.low
    assert found.enough is (10 * (hits + misses) >= 30)


@given(hits=st.integers(1, 300), misses=st.integers(1, 300))
def test_wilson_bounds_are_where_the_score_test_turns(hits: int, misses: int) -> None:
    """The interval by its definition: the shares p for which |p̂ - p| is z standard errors."""
    found = share(hits, hits + misses)
    assert found
    for bound in (found.low, found.high):
        error = math.sqrt(bound * (1 - bound) / found.n)
        assert math.isclose(abs(found.value - bound), Z95 * error, rel_tol=1e-6)


@pytest.mark.parametrize(("hits", "n"), [(-1, 3), (4, 3), (1, 0)])
def test_what_is_no_share_is_refused(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        share(hits, n)


@given(counts)
def test_csat_and_mean_count_every_score_once(counts: list[int]) -> None:
    scores = [score for score, count in enumerate(counts, 1) for _ in range(count)]
    csat, average = top_two_box(counts), mean(counts)
    if not scores:
        assert csat is None
        assert average is None
        return
    assert csat
    assert csat.value == sum(score >= 4 for score in scores) / len(scores)
    assert average == pytest.approx(oracle.mean(scores))


@given(values)
def test_median_and_percentile_agree_with_another_computation(values: list[float]) -> None:
    assert median(values) == pytest.approx(oracle.median(values))
    if len(values) > 1:
        assert percentile(values, 90) == pytest.approx(oracle.quantiles(values, n=10, method="inclusive")[-1])
    assert (percentile(values, 0), percentile(values, 100)) == (min(values), max(values))


def test_nothing_has_no_middle() -> None:
    assert median([]) is None
    assert top_two_box((0, 0, 0, 0, 0)) is None
