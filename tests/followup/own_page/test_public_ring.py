"""How far the loop is: heard, acted, told, agreed; and what is asked at each point."""

from datetime import datetime

import pytest

from core.db import db, writing
from followup.composing import compose_due
from followup.judging import Judgement, judge
from followup.no_news import compose_no_news
from followup.own_page.status import StatusPage, status
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.followup.respondent import new, sent, told
from tests.loop import decided, settled

pytestmark = pytest.mark.usefixtures("monday")

HEARD, ACTED, TOLD, AGREED = range(4)


def ring(response: Response, now: datetime) -> StatusPage:
    db.session.rollback()
    return status(response, now)


def test_the_ring_fills_as_it_goes(people: Cast, survey: Survey, now: datetime) -> None:
    response = new(survey, now)
    assert ring(response, now).shares == (1, 0, 0, 0), "heard"
    with writing():
        settled(response, decided(people, now), now)
    compose_due(now)
    assert ring(response, now).shares == (1, 1, 0, 0), "acted, and the mail is under way"
    sent(now)
    assert ring(response, now).shares == (1, 1, 1, 0), "told"
    with writing():
        judge(response, Judgement(True, True, "", "a page"), now)
    assert ring(response, now).shares == (1, 1, 1, 1), "agreed: it closes"


def test_what_is_planned_is_half_of_an_act(people: Cast, survey: Survey, now: datetime) -> None:
    response = new(survey, now)
    told(people, response, now, "planned")
    assert ring(response, now).shares[ACTED] == 0.5


def test_the_ring_opens_again_when_it_is_not_solved(people: Cast, survey: Survey, now: datetime) -> None:
    response = new(survey, now)
    told(people, response, now)
    with writing():
        judge(response, Judgement(True, False, "Still torn.", "a page"), now)
    again = ring(response, now)
    assert (again.shares, again.because) == ((1, 0, 0, 0), "not_solved")


def test_no_news_is_no_act(survey: Survey, now: datetime) -> None:
    response = new(survey, now)
    compose_no_news(datetime.fromisoformat("2026-11-30T14:30+01:00"))
    sent(now)
    assert ring(response, now).shares == (1, 0, 0, 0)


@pytest.mark.parametrize(("kind", "asks"), [
    ("done", ("clear", "solved")), ("wont_do", ("clear", "solved")), ("already", ("clear", "solved")),
    ("planned", ("clear",)), ("thanks", ("clear",)),
])  # fmt: skip
def test_after_an_outcome_it_asks_whether_it_is_solved(
    people: Cast, survey: Survey, now: datetime, kind: str, asks: tuple[str, ...]
) -> None:
    response = new(survey, now)
    assert ring(response, now).asks == ("clear",)
    told(people, response, now, kind)
    assert ring(response, now).asks == asks
