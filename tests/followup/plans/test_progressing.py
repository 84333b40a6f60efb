"""Still working on it: a person's word before the date keeps the promise and gives the next date."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import Conflict, DomainError
from followup.composing import compose_due
from followup.plans.progressing import tell_progress
from followup.receipts import compose_receipts
from outbox.models import Message
from promises.models import Promise
from promises.moving import When
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, day, decided, promises_of, settled
from triage.commenting import comments_of

HOW = "The mechanic has ordered the part."


@pytest.fixture
def response(survey: Survey, now: datetime) -> Response:
    with writing():
        found = answered(survey, now)
    compose_receipts(now)
    return found


def told(promise: Promise, now: datetime, words: str = HOW, to: str = "2026-12-04") -> Promise:
    with writing():
        return tell_progress(promise, words, When.by(day(to), "Europe/Amsterdam"), now)


@pytest.mark.both_databases
def test_it_keeps_the_promise_and_announces_the_next(response: Response, now: datetime) -> None:
    successor = told(promises_of(response)[0], now)
    first, following = promises_of(response)
    assert (first.ended_as, first.updates[-1].how) == ("told", "progress")
    assert (following, following.because, following.due_on, following.moves) == (
        successor,
        "progress",
        day("2026-12-04"),
        0,
    )
    mail = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert mail
    assert (mail.kind, mail.subject) == (
        "progress",
        "We are working on it; you hear from Alice Adams by Friday 4 December 2026",
    )
    assert HOW in mail.text
    assert following.updates[0].message == mail
    assert compose_receipts(now) == 0


def test_whoever_took_it_is_named_from_then_on(people: Cast, response: Response, now: datetime) -> None:
    with writing():
        comments_of(response)[0].assignee_id = people.bob.id
    assert told(promises_of(response)[0], now).who == people.bob


def test_an_anonymous_one_reads_it_on_the_own_page(survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now, wants="page")
    told(promises_of(response)[0], now)
    words = promises_of(response)[0].updates[-1].words
    assert words.startswith(HOW)
    assert "You hear from Alice Adams by Friday 4 December 2026." in words


def test_one_message_a_day_is_enough(response: Response, now: datetime) -> None:
    told(promises_of(response)[0], now)
    with pytest.raises(Conflict, match="tell them tomorrow"):
        told(promises_of(response)[1], now + timedelta(hours=2))
    assert told(promises_of(response)[1], now + timedelta(days=1), to="2026-12-11").is_open


@pytest.mark.parametrize(
    ("words", "to", "sentence"),
    [("  ", "2026-12-04", "Say how it stands"), (HOW, "2026-11-20", "in the past")],
)
def test_it_has_words_and_a_date_to_come(
    response: Response, now: datetime, words: str, to: str, sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        told(promises_of(response)[0], now, words, to)
    assert promises_of(response)[0].is_open


def test_what_has_ended_or_is_an_outcome_is_not_kept_by_it(
    people: Cast, response: Response, now: datetime
) -> None:
    with writing():
        settled(response, decided(people, now, "planned"), now)
    compose_due(now)
    for promise, sentence in zip(
        promises_of(response), ("ended already", "outcome was promised"), strict=True
    ):
        with pytest.raises(Conflict, match=sentence):
            told(promise, now + timedelta(days=1))
