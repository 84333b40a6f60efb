"""From cases to times, and from groups to what may be shown: small rules, each by itself."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.cases import BANDS, BETTER, BOUNDS, Case, band, until_outcome, until_word
from reports.durations import NOBODY, Took, times
from reports.groups import FAIR, LEAST, OTHERS, Group, fairness, groups
from reports.measures import Speed, is_real, speed
from reports.moods.feelings import Feelings, feelings
from reports.statistics import ENOUGH
from reports.tallies import People, Tally, tally
from surveys.emotions import EMOTIONS

START = datetime.fromisoformat("2026-10-25T00:30+00:00")
AS_OF = START + timedelta(days=10)
HOUR = timedelta(hours=1)


def heard(after: timedelta | None, **values: object) -> Case:
    at = START + after if after is not None else None
    return Case(1, START, word_at=at, outcome_at=at, **values)  # type: ignore[arg-type]


def part(after: timedelta, n: int) -> People:
    """So many people who waited so long."""
    return tally([heard(after)] * n, AS_OF).parts["channel"]["page"]


def test_the_hour_that_comes_twice_is_counted_twice() -> None:
    """Half past two in Amsterdam, and half past two an hour later."""
    assert until_word(heard(HOUR), AS_OF) == Took(1.0, True)


def test_who_heard_nothing_waits_until_the_end_of_the_period() -> None:
    assert until_word(heard(None), AS_OF) == Took(240.0, False)
    assert until_outcome(heard(timedelta(days=11)), AS_OF) == Took(240.0, False)


def test_a_word_before_the_answer_came_in_took_no_time() -> None:
    """An answer that a program gave later than it was heard of elsewhere."""
    assert until_word(heard(-HOUR), AS_OF) == Took(0.0, True)


def test_who_is_owed_nothing_is_in_no_time() -> None:
    assert not tally([heard(HOUR, owed=False)], AS_OF).words
    assert times(Counter()) == NOBODY


def test_seconds_are_no_difference_between_people() -> None:
    one, other = (until_word(heard(HOUR + timedelta(seconds=s)), AS_OF) for s in (1, 59))
    assert one == other


@pytest.mark.parametrize(("minutes", "hours"), [(2879, 2879 / 60), (2880, 48), (2939, 48), (2940, 49)])
def test_from_two_days_on_an_hour_is_as_fine_as_it_is_told(minutes: int, hours: float) -> None:
    assert until_word(heard(timedelta(minutes=minutes)), AS_OF).hours == hours


@given(st.lists(st.integers(0, 600), min_size=1, max_size=80))
def test_half_of_people_really_had_it_within_what_is_said(minutes: list[int]) -> None:
    cases = [heard(timedelta(minutes=m)) for m in minutes]
    found = speed(tally(cases, AS_OF), Tally()).first_word
    assert found.median is not None
    assert found.ninety is not None
    assert sum(m / 60 <= found.median for m in minutes) >= len(minutes) / 2
    assert sum(m / 60 <= found.ninety for m in minutes) >= 0.9 * len(minutes) - 1e-9
    assert found.median <= found.ninety


def test_by_the_first_date_that_has_come() -> None:
    in_time, late = (heard(after, due_at=START + 2 * HOUR) for after in (HOUR, 3 * HOUR))
    ahead = heard(None, due_at=AS_OF + HOUR)
    found = speed(tally([in_time, late, ahead], AS_OF), Tally())
    assert (found.due, found.in_time) == (2, 1)
    assert Speed().kept is None


def test_every_feeling_that_people_can_choose_has_its_place() -> None:
    assert list(BETTER) == list(EMOTIONS)
    assert feelings(Tally()) == Feelings()


@pytest.mark.parametrize(
    ("felt", "feels", "moved"),
    [
        ("angry", "grateful", (1, 0, 0)),
        ("angry", "neutral", (1, 0, 0)),
        ("neutral", "happy", (1, 0, 0)),
        ("angry", "worried", (0, 1, 0)),
        ("happy", "grateful", (0, 1, 0)),
        ("happy", "disappointed", (0, 0, 1)),
        ("", "happy", (0, 0, 0)),
        ("angry", "", (0, 0, 0)),
    ],
)
def test_better_and_worse_are_told_apart(felt: str, feels: str, moved: tuple[int, int, int]) -> None:
    found = feelings(tally([heard(None, felt=felt, feels=feels)], AS_OF))
    assert (found.better, found.same, found.worse) == moved


def test_what_a_machine_may_have_sent_has_no_feelings() -> None:
    assert feelings(tally([heard(None, felt="angry", feels="happy", sound=False)], AS_OF)).both == 0


@given(st.integers(0, 10))
def test_every_score_of_every_scale_has_a_band(score: int) -> None:
    for scale in BOUNDS:
        assert band(scale, score) in BANDS


def test_a_small_group_takes_the_smallest_other_one_with_it() -> None:
    """Three Frisians could be read from the whole and the Dutch; so the English join them."""
    counted = {"nl": 40, "en": 12, "fy": 3}
    cases = [heard(HOUR, language=key) for key, n in counted.items() for _one in range(n)]
    found = {group.key: group.n for group in groups(tally(cases, AS_OF)) if group.by == "language"}
    assert found == {"nl": 40, OTHERS: 15}


@pytest.mark.parametrize("n", [0, 1, LEAST - 1])
def test_of_fewer_than_ten_people_no_group_is_shown(n: int) -> None:
    assert groups(tally([heard(HOUR) for _one in range(n)], AS_OF)) == ()


def test_with_nobody_to_compare_with_nothing_is_flagged() -> None:
    alike = {way: {"one": part(HOUR, 200)} for way in FAIR}
    assert fairness(alike) == {}
    few = {"language": {"nl": part(HOUR, 200), "en": part(100 * HOUR, ENOUGH - 1)}}
    assert fairness(few) == {}


def test_the_others_are_never_accused() -> None:
    """What was put together has nothing in common; only the named group may stand out."""
    parts = {"language": {"nl": part(HOUR, 60), OTHERS: part(90 * HOUR, 60)}}
    assert fairness(parts) == {"later language nl": -1}


def test_a_group_of_nobody_has_no_shares() -> None:
    bare = Group("language", "nl", 0)
    assert (bare.csat, bare.told_share, bare.unlike) == (None, None, False)


@pytest.mark.parametrize(("chance", "real"), [(None, False), (0.05, False), (0.049, True), (1.0, False)])
def test_one_of_twenty_is_where_chance_ends(chance: float | None, real: bool) -> None:
    assert is_real(chance) is real
