"""Emotions over time and by channel: against pandas, against a plain count of rows, and what may be shown of few."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from core.db import writing
from reports import case_queries
from reports.cases import Case
from reports.estimates import tossed
from reports.groups import LEAST
from reports.moods.mood_queries import by_channel, by_month
from reports.moods.moods import Mood, Moods, held_back, moods, one, shown
from reports.period import month_starts, period
from reports.statistics import ENOUGH
from surveys.emotions import EMOTIONS
from surveys.models import Survey
from tests.loop import answered
from tests.reports.test_measures import drawn, frame
from triage.commenting import comments_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
UNPLEASANT = {"impatient", "frustrated", "angry", "disappointed", "worried"}
NOW = datetime(2026, 12, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(5))
def test_moods_are_what_pandas_counts(seed: int) -> None:
    cases = drawn(seed)
    table = frame(cases)
    sound = table[table.sound & (table.felt != "")]
    found = moods(by_hand(cases), {}, {})
    assert dict(found.period.felt) == sound.felt.value_counts().to_dict()
    assert found.period.unpleasant
    assert found.period.unpleasant.value == pytest.approx(sound.felt.isin(UNPLEASANT).mean())
    assert [mood.key for mood in found.channels] == list(sound.channel.value_counts().index)
    for mood in found.channels:
        assert dict(mood.felt) == sound[sound.channel == mood.key].felt.value_counts().to_dict()


def by_hand(cases: Iterable[Case]) -> dict[str, Counter[str]]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        if case.sound and case.felt:
            counted[case.channel][case.felt] += 1
    return counted


def test_a_change_is_claimed_of_enough_people_only() -> None:
    angry, happy = {"angry": 30}, {"happy": 30}
    found = Moods(one("period", angry), one("before", happy))
    assert found.change
    assert found.change.real
    assert Moods(one("period", angry), one("before", {"happy": 29})).change is None


def test_of_too_few_nothing_is_said_but_how_many() -> None:
    assert shown({"2026-10": {"angry": 29}}) == (Mood("2026-10", 29),)
    assert shown({"2026-10": {}}) == (Mood("2026-10", 0),)
    assert not Mood("2026-10", 0).withheld
    assert Mood("2026-10", 29).withheld


def test_what_is_held_back_cannot_be_worked_out() -> None:
    """All but three are shown by month, and all together in the period: so the smallest month that is shown goes too."""
    assert held_back({"a": 100, "b": 40, "c": 3}) == {"b", "c"}
    assert held_back({"a": 100, "b": 40, "c": 3, "d": 8}) == {"c", "d"}, (
        "eleven of them, of whom nobody can be read"
    )
    assert held_back({"a": 100, "b": 40, "c": 0}) == set()


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=1), st.integers(0, 60)))
def test_held_back_are_none_or_at_least_ten(sizes: dict[str, int]) -> None:
    hidden = held_back(sizes)
    assert all(n == 0 or n >= ENOUGH or key in hidden for key, n in sizes.items())
    together = sum(sizes[key] for key in hidden)
    assert (
        together == 0 or together >= LEAST or not [n for key, n in sizes.items() if n and key not in hidden]
    )


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_sign_test_is_scipys(heads: int, tails: int) -> None:
    expected = stats.binomtest(heads, heads + tails).pvalue if heads + tails else 1.0
    assert tossed(heads, tails) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("heads", "tails"), [(5_000, 5_200), (600, 500), (40_000, 41_000)])
def test_of_many_it_is_the_normal_curves(heads: int, tails: int) -> None:
    assert tossed(heads, tails) == pytest.approx(stats.binomtest(heads, heads + tails).pvalue, rel=0.02)


def test_twelve_months_end_with_the_month_of_the_last_day() -> None:
    months = month_starts(date(2026, 3, 31))
    assert (months[0], months[-1], len(months)) == (date(2025, 4, 1), date(2026, 3, 1), 12)


@pytest.mark.both_databases
def test_each_month_holds_whose_first_emotion_was_given_in_it(survey: Survey) -> None:
    """Around the ends of months and the hour that comes twice, by the clock of the organisation."""
    dice, expected = random.Random(7), Counter[tuple[str, str]]()
    edges = [datetime.fromisoformat(f"2026-{edge}:00+00:00") for edge in ("10-25T01", "10-31T23", "11-30T23")]
    with writing():
        for n in range(30):
            at = dice.choice(edges) + timedelta(minutes=dice.randint(-90, 90))
            felt = dice.choice([None, *EMOTIONS])
            response = answered(survey, NOW, email=f"{n}@example.com", submitted_at=at)
            comments_of(response)[0].emotion = felt
            response.channel = dice.choice(["mail", "page"])
            local = at.astimezone(AMSTERDAM)
            if felt and local.date() <= date(2026, 11, 30):
                expected[f"{local:%Y-%m}", felt] += 1
        tried = answered(survey, NOW, email="test@example.com", submitted_at=edges[0], test=True)
        for comment in comments_of(tried):
            comment.emotion = "angry"
    november = period(survey, date(2026, 11, 1), date(2026, 11, 30), NOW)
    assert by_channel(november) == by_hand(case_queries.cases(november))
    found = by_month(november)
    assert {(month, e): n for month, felt in found.items() for e, n in felt.items()} == dict(expected)
    assert next(iter(found)) == "2025-12"
    assert len(found) == 12
