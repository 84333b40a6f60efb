"""Who was thanked with a code, of those who could have been: from rows to the sentence."""

from datetime import date, datetime, timedelta

import pytest
from flask_babel import force_locale

from core import rows
from core.db import db, writing
from customers.models import Customer
from followup.rewards.models import Pool
from reports import case_queries, sentences
from reports.cases import Case
from reports.groups import groups
from reports.period import Period, period
from reports.tallies import tally
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.followup.rewards.test_rewarding import pool_of
from tests.loop import answered, decided, settled
from tests.reports.test_cases import tick

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def heard(people: Cast, survey: Survey, now: datetime, email: str, kind: str = "done", **values: object) -> int:  # fmt: skip
    with writing():
        response = answered(db.session.merge(survey), now, email=email, **values)  # type: ignore[arg-type]
        settled(response, decided(people, now, kind), now)
    tick(now)
    return response.id


def told(survey: Survey, now: datetime) -> dict[int, bool | None]:
    db.session.rollback()
    over: Period = period(db.session.merge(survey), date(2026, 11, 1), date(2026, 11, 30), now)
    return {case.id: case.thanked for case in case_queries.cases(over)}


@pytest.mark.both_databases
def test_a_case_says_whether_they_were_thanked_and_nothing_where_they_could_not_be(
    people: Cast, survey: Survey, now: datetime
) -> None:
    early = heard(people, survey, now - DAY, "early@example.com")
    pool_of(survey, now, "action")
    changed = heard(people, survey, now, "changed@example.com")
    refused = heard(people, survey, now, "refused@example.com", "wont_do")
    again = heard(people, survey, now + DAY, "changed@example.com")
    with writing():
        waits = answered(db.session.merge(survey), now, email="waits@example.com").id
        machine = answered(db.session.merge(survey), now, email="machine@example.com")
        rows.change(machine, suspect_at=now)
        settled(machine, decided(people, now), now)
    tick(now)
    found = told(survey, now + 2 * DAY)
    assert found == {early: None, changed: True, refused: False, again: None, waits: None, machine.id: None}


@pytest.mark.both_databases
def test_who_became_one_with_another_had_it_by_the_other(people: Cast, survey: Survey, now: datetime) -> None:
    pool_of(survey, now, codes=1)
    first, second = (heard(people, survey, now, f"{name}@example.com") for name in ("rita", "r.ritsema"))
    assert told(survey, now + HOUR) == {first: True, second: False}, "there was one code"
    with writing():
        kept, joins = (db.session.get_one(Response, id).customer_id for id in (first, second))
        db.session.get_one(Customer, joins).merged_into_id = kept
    assert told(survey, now + HOUR) == {first: True, second: None}


def test_as_it_stood_at_the_end_of_the_period(people: Cast, survey: Survey, now: datetime) -> None:
    pool_of(survey, now)
    with writing():
        asked = answered(db.session.merge(survey), now)
    with writing():
        settled(asked, decided(people, now), now + HOUR)
    tick(now + HOUR)
    assert told(survey, now) == {asked.id: None}, "they had not heard yet"
    assert told(survey, now + HOUR) == {asked.id: True}


def test_who_hears_after_it_stopped_could_not_be_thanked(people: Cast, survey: Survey, now: datetime) -> None:
    pool = pool_of(survey, now)
    before = heard(people, survey, now, "before@example.com")
    with writing():
        db.session.get_one(Pool, pool.id).stopped_at = now + HOUR
    after = heard(people, survey, now + DAY, "after@example.com")
    assert told(survey, now + 2 * DAY) == {before: True, after: None}


def test_a_survey_without_codes_asks_nothing_of_anybody(people: Cast, survey: Survey, now: datetime) -> None:
    one = heard(people, survey, now, "rita@example.com")
    assert told(survey, now + HOUR) == {one: None}


START = datetime.fromisoformat("2026-10-01T00:00+00:00")


def thanked(n: int, of: int, first: int = 0, channel: str = "mail") -> list[Case]:
    heard_at = START + HOUR
    return [Case(first + i, START, channel=channel, state="told", outcome_at=heard_at, thanked=i < n) for i in range(of)]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "fewer", "all_of_them"),
    [
        ("en", "Told by mail: more of them were thanked", "Of 200 people who heard what came of it while codes were given, 55%"),
        ("nl", "Per mail: van hen kregen er meer een bedankje dan", "Van de 200 mensen die hoorden wat ervan gekomen is terwijl er bedankjes waren, kreeg 55%"),
    ],
)  # fmt: skip
def test_it_is_said_in_both_languages(app: object, language: str, fewer: str, all_of_them: str) -> None:
    found = groups(tally([*thanked(90, 100), *thanked(20, 100, 100, "page")], START + DAY))
    with force_locale(language):
        said = sentences.fairness(found)
    assert said[0].startswith(fewer), said
    assert said[-1].startswith(all_of_them), said


def test_nothing_stands_out_where_they_were_thanked_alike(app: object) -> None:
    found = groups(tally([*thanked(50, 100), *thanked(50, 100, 100, "page")], START + DAY))
    with force_locale("en"):
        said = sentences.fairness(found)
    assert said[0] == (
        "By channel, language and score people were told as soon and as often, and thanked as often, as far as chance lets us see."
    )
