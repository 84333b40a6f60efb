"""However many are told at once, nobody else waits long: no write unit is longer than a quarter of a second (R25)."""

from datetime import datetime, timedelta
from time import thread_time

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from core import rows
from core.db import db, writing
from followup.carrying import IN_A_LETTER
from followup.composing import compose_due
from followup.no_news import compose_no_news
from followup.rendering import warm_up
from outbox.models import MessageBody
from promises.models import Update
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.crowd import crowd
from tests.loop import decided

LONGEST = 0.25
MANY = 100


@pytest.fixture
def units(app: Flask, no_garbage: None) -> list[float]:
    """Seconds of our own work in each write unit from now on: waiting for a busy machine is not our fault."""
    warm_up()
    found: list[float] = []
    begun = [0.0]
    event.listen(db.engine, "begin", lambda _connection: begun.__setitem__(0, thread_time()))
    event.listen(db.engine, "commit", lambda _connection: found.append(thread_time() - begun[0]))
    return found


def letters() -> list[str]:
    return list(db.session.scalars(select(MessageBody.text).order_by(MessageBody.message_id)))


def test_a_crowd_is_told_by_one_action_one_person_at_a_time(
    people: Cast, survey: Survey, units: list[float], now: datetime
) -> None:
    with writing():
        crowd(survey, MANY, now, mail=True, tagged=decided(people, now))
    units.clear()
    assert compose_due(now) == MANY
    assert len(units) == MANY
    assert max(units[1:]) <= LONGEST, "the first one also compiles the statements"
    assert len(letters()) == MANY


def test_a_crowd_without_news_hears_so_one_at_a_time(
    survey: Survey, units: list[float], now: datetime
) -> None:
    with writing():
        crowd(survey, MANY, now, mail=True, by=(now, None))
    units.clear()
    assert compose_no_news(now) == MANY
    assert len(units) == MANY
    assert max(units[1:]) <= LONGEST


def test_one_person_with_many_answers_due_today_reads_of_some_in_each_letter(
    people: Cast, survey: Survey, units: list[float], now: datetime
) -> None:
    with writing():
        crowd(
            survey,
            MANY,
            now,
            mail=True,
            people=1,
            by=(now + timedelta(hours=1), None),
            tagged=decided(people, now),
        )
    units.clear()
    assert compose_due(now) == MANY
    assert len(letters()) == len(units) == MANY / IN_A_LETTER
    assert sum(text.count("The box was torn.") for text in letters()) == MANY
    assert max(units) <= LONGEST


def test_what_does_not_fall_due_today_waits_for_the_next_day(
    people: Cast, survey: Survey, now: datetime
) -> None:
    """One update a person a day, however many answers they gave; what was promised first comes first."""
    with writing():
        crowd(survey, IN_A_LETTER + 2, now, mail=True, people=1, tagged=decided(people, now))
        due_today = now + timedelta(hours=1), None
        sooner = crowd(survey, 1, now, mail=True, people=1, by=due_today, tagged=decided(people, now))
        _same_person(sooner[0])
    assert compose_due(now) == IN_A_LETTER
    ended = select(func.count(Update.id)).where(Update.kind == "ending", Update.promise_id == sooner[0])
    assert db.session.scalar(ended) == 1
    assert compose_due(now) == 0
    assert compose_due(now + timedelta(days=1)) == 3


def _same_person(response_id: int) -> None:
    first = db.session.scalars(select(Response).order_by(Response.id).limit(1)).one()
    db.session.get_one(Response, response_id).identity = first.identity


@pytest.mark.both_databases
def test_more_than_are_read_at_once_are_all_told(
    people: Cast, survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "PAGE", 20)
    with writing():
        crowd(survey, 21, now, tagged=decided(people, now))
    assert compose_due(now) == 21
    assert compose_due(now) == 0
