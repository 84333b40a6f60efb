"""A tag taken back within its hold leaves nothing behind: who was told before is told nothing, and owed nothing."""

from datetime import datetime, timedelta

import pytest

from core.access import Role
from core.db import writing
from followup.composing import compose_due
from followup.corrections.correcting import correct
from followup.judging import Judgement, judge
from followup.no_news import compose_moves, compose_no_news
from followup.own_page.status import status
from promises.ledger import Scope, ledger
from promises.moving import When, move
from promises.standing import Standing, of
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, day, decided, promises_of, settled
from triage.commenting import comments_of
from triage.models import Tag
from triage.tagging import send_now, undo

HOUR = timedelta(hours=1)


@pytest.fixture
def told(people: Cast, survey: Survey, now: datetime) -> Response:
    """On their own page, that it was done."""
    with writing():
        response = answered(survey, now, wants="page")
        settled(response, decided(people, now), now)
    compose_due(now)
    return response


def tagged(people: Cast, response: Response, now: datetime) -> list[Tag]:
    with writing():
        return settled(response, decided(people, now, "thanks"), now, HOUR)


def take_back(tags: list[Tag], now: datetime) -> None:
    with writing():
        for each in tags:
            undo(each, now)


@pytest.mark.both_databases
def test_undoing_it_ends_the_promise_it_opened(people: Cast, told: Response, now: datetime) -> None:
    tags = tagged(people, told, now + HOUR)
    assert of(told) == Standing("promised")
    take_back(tags, now + HOUR)
    assert [(p.because, p.ended_as) for p in promises_of(told)] == [("answer", "told"), ("more", "cancelled")]
    assert of(told) == Standing("told", "done")
    assert ledger(Scope(people.webshop.id)).adds_up
    later = now + timedelta(days=9)
    assert (compose_due(later), compose_no_news(later)) == (0, 0), "and nobody hears that there is no news"
    assert status(told, later).pledge is None


def test_it_stays_while_another_tag_waits(people: Cast, told: Response, now: datetime) -> None:
    tags = tagged(people, told, now + HOUR)
    tagged(people, told, now + HOUR)
    take_back(tags, now + HOUR)
    assert promises_of(told)[-1].is_open


def test_it_stays_when_they_said_no_meanwhile(people: Cast, told: Response, now: datetime) -> None:
    tags = tagged(people, told, now + HOUR)
    with writing():
        judge(told, Judgement(None, False, "Still torn.", "n1"), now + HOUR)
    take_back(tags, now + HOUR)
    assert promises_of(told)[-1].is_open, "a person still owes them a word"


def test_it_stays_when_they_heard_of_it(people: Cast, told: Response, now: datetime) -> None:
    tags = tagged(people, told, now + HOUR)
    with writing():
        move(
            promises_of(told)[-1],
            When.by(day("2026-12-09"), "Europe/Amsterdam"),
            "Late.",
            Role.agent,
            now + HOUR,
        )
    compose_moves(now + HOUR)
    take_back(tags, now + HOUR)
    assert promises_of(told)[-1].is_open


def test_the_promise_of_an_answer_is_never_cancelled(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
    take_back(tagged(people, response, now), now)
    assert of(response) == Standing("promised")


def test_a_correction_that_is_taken_back_is_not_owed(people: Cast, told: Response, now: datetime) -> None:
    with writing():
        right = decided(people, now, "wont_do")
        (first,) = comments_of(told)[0].tags
        right.corrects_id = first.action_id
        assert correct(first.action, right, now + HOUR) == 1
    take_back([t for t in comments_of(told)[0].tags if t.action_id == right.id], now + HOUR)
    assert of(told) == Standing("told", "done")


def test_sending_now_after_the_clock_was_set_back(people: Cast, survey: Survey, now: datetime) -> None:
    """It is released at the moment of its tagging: no rule of the database is broken."""
    with writing():
        response = answered(survey, now)
    (held,) = tagged(people, response, now)
    with writing():
        assert send_now([held], now - timedelta(days=1)) == 1
    assert held.release_at == now
