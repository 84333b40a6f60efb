"""The figures against somebody who counts by hand: random answers, and a plain computation over what was put in."""

import random
import statistics as oracle
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.db import writing
from reports import queries
from reports.making import gather
from reports.period import period
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.desk import labelled, theme
from tests.loop import QUESTIONS, answered
from triage import joining
from triage.commenting import comments_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 12, 20, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 10, 20), date(2026, 11, 12)
EDGES = ("09-25T22", "10-19T22", "10-25T01", "10-31T23", "11-12T23")
"""In UTC: local midnights at the ends of the period and of its months, and the hour that comes twice."""
WORDS = ("", "It came late.", "Thank you.")


@dataclass(frozen=True, slots=True)
class Given:
    """What one person did, as it was put in."""

    score: int
    at: datetime
    test: bool
    words: str

    @property
    def day(self) -> date:
        return self.at.astimezone(AMSTERDAM).date()


def drawn(seed: int, most: int = 60) -> list[Given]:
    """Moments around the autumn clock change and both edges of the period, many of them within the hour."""
    dice = random.Random(seed)
    edges = [datetime.fromisoformat(f"2026-{edge}:00+00:00") for edge in EDGES]
    return [
        Given(dice.randint(1, 5), dice.choice(edges) + timedelta(minutes=dice.randint(-90, 90)), dice.random() < 0.1, dice.choice(WORDS))
        for _ in range(dice.randint(1, most))
    ]  # fmt: skip


def put_in(survey: Survey, given: list[Given]) -> list[Response]:
    with writing():
        rows = [
            answered(survey, NOW, g.words, email=f"{n}@example.com", score=g.score, submitted_at=g.at)
            for n, g in enumerate(given)
        ]
        for row, g in zip(rows, given, strict=True):
            row.is_test = g.test
    return rows


def spread(given: list[Given], first: date, last: date) -> tuple[int, ...]:
    counted = Counter(g.score for g in given if first <= g.day <= last and not g.test)
    return tuple(counted[score] for score in range(1, 6))


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(3))
def test_scores_are_those_of_the_local_days_of_the_period(survey: Survey, seed: int) -> None:
    given = drawn(seed)
    put_in(survey, given)
    found = queries.satisfaction(period(survey, FIRST, LAST, NOW))
    assert found.scores == spread(given, FIRST, LAST)
    days = LAST - FIRST + timedelta(days=1)
    assert found.before == spread(given, FIRST - days, FIRST - timedelta(days=1))


@pytest.mark.parametrize("seed", range(3, 6))
def test_months_are_local_months_and_end_with_the_period(survey: Survey, seed: int) -> None:
    given = drawn(seed)
    put_in(survey, given)
    months = queries.satisfaction(period(survey, FIRST, LAST, NOW)).months
    assert [m.first for m in months] == [date(2025, 12, 1), *(date(2026, n, 1) for n in range(1, 12))]
    for month, following in zip(
        months, [*(m.first for m in months[1:]), LAST + timedelta(days=1)], strict=True
    ):
        assert month.scores == spread(given, month.first, following - timedelta(days=1)), month.first


@pytest.mark.parametrize("seed", range(6, 8))
def test_comments_are_counted_quoted_and_listed_alike(survey: Survey, seed: int) -> None:
    given = drawn(seed)
    put_in(survey, given)
    over = period(survey, FIRST, LAST, NOW)
    within = [g for g in given if FIRST <= g.day <= LAST and not g.test and g.words]
    assert queries.comments(over) == len(within)
    listed = [(v.words, v.score, v.day) for v in queries.all_verbatims(over)]
    assert listed == [(g.words, g.score, g.day) for g in within]
    figures = gather(over, "en")
    assert len(figures.verbatims.shown) + figures.verbatims.left_out == len(within)
    assert {(v.words, v.score, v.day) for v in figures.verbatims.shown} <= set(listed)


@pytest.mark.both_databases
def test_themes_have_the_mean_score_of_those_who_spoke_of_them(people: Cast, survey: Survey) -> None:
    given = [g for g in drawn(11) if g.words and not g.test]
    rows, dice = put_in(survey, given), random.Random(11)
    known = [theme(people, key, key.capitalize()) for key in ("box", "courier", "never")]
    spoken: dict[str, list[int]] = {"Box": [], "Courier": []}
    for row, g in zip(rows, given, strict=True):
        chosen = [t for t in known[:2] if dice.random() < 0.5]
        labelled(comments_of(row)[0], *chosen)
        if FIRST <= g.day <= LAST:
            for t in chosen:
                spoken[t.name["en"]].append(g.score)
    found = queries.themes(period(survey, FIRST, LAST, NOW), "en")
    assert {t.name: t.n for t in found} == {name: len(scores) for name, scores in spoken.items() if scores}
    for told in found:
        assert told.mean == pytest.approx(oracle.mean(spoken[told.name]))
    assert [t.n for t in found] == sorted((t.n for t in found), reverse=True)


@pytest.mark.both_databases
def test_what_was_said_twice_and_handled_as_one_is_one_complaint_about_a_theme(
    people: Cast, survey: Survey
) -> None:
    middle, box = datetime(2026, 11, 1, 12, tzinfo=UTC), theme(people, "box", "Box")
    rows = put_in(survey, [Given(2, middle, False, "It came late.") for _n in range(3)])
    once, twice, _alone = (labelled(comments_of(row)[0], box) for row in rows)
    with writing():
        twice.response.customer = once.response.customer
        joining.join(once, twice, 80, NOW)
    (about,) = queries.themes(period(survey, FIRST, LAST, NOW), "en")
    assert about.n == 2


@pytest.mark.parametrize("scores", [[], [5], [1], [3, 3, 3, 3], [4] * 40, [1] * 40])
def test_few_answers_and_answers_all_alike(survey: Survey, scores: list[int]) -> None:
    middle = datetime(2026, 11, 1, 12, tzinfo=UTC)
    put_in(survey, [Given(score, middle, False, "") for score in scores])
    figures = gather(period(survey, FIRST, LAST, NOW), "en")
    csat = figures.satisfaction.csat
    if not scores:
        assert csat is None
        assert figures.nothing
        return
    assert csat
    assert csat.value == sum(score >= 4 for score in scores) / len(scores)
    assert 0 <= csat.low <= csat.value <= csat.high <= 1
    assert csat.low < csat.high, "even forty alike prove nothing for certain"


def test_a_score_of_another_scale_is_no_satisfaction(people: Cast) -> None:
    """A 4 out of 10 is not "satisfied", nor is a 4 for ease."""
    likely = Draft("csat", "nps", {"en": "Would you recommend us?"})
    with writing():
        survey = create_survey(
            people.webshop.id, "nps", {"en": "Us"}, "en", people.alice.id, [likely, *QUESTIONS[1:]], NOW
        )
        open_survey(survey, NOW - timedelta(days=30))
        answered(survey, NOW, score=4, submitted_at=datetime(2026, 11, 1, 12, tzinfo=UTC))
    found = queries.satisfaction(period(survey, FIRST, LAST, NOW))
    assert (sum(found.scores), [sum(month.scores) for month in found.months]) == (0, [0] * 12)
