"""A digest that nobody approves: managers are written to in time, once a day, and on its date people hear the truth."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from accounts.models import Staff
from core.db import db, writing
from followup.digests.escalating import Waiting, escalate_digests, waiting_digests
from followup.digests.rounds import approve
from followup.no_news import compose_no_news
from followup.steps import large_steps
from followup.steps.stepping import take_digest
from outbox.models import Message
from promises.models import Promise
from surveys.models import Round, Survey
from tests.browser import signed_in
from tests.cast import Cast, make_staff
from tests.desk import said, scored
from tests.pages import Page, get

MORNING = timedelta(hours=-1)
"""From half past ten to half past nine in Amsterdam."""


@pytest.fixture
def round(survey: Survey, now: datetime) -> Round:
    """November, a bare score in it: promised by Monday 7 December."""
    scored(survey, now)
    return db.session.scalars(select(Round)).one()


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"2026-12-{day}T09:30:00+00:00")


def alerts() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "alert").order_by(Message.id)))


@pytest.mark.both_databases
def test_managers_hear_two_working_days_before_its_date_and_once_a_day(
    people: Cast, round: Round, now: datetime
) -> None:
    assert escalate_digests(on("02")) == 0, "Wednesday: three working days"
    assert waiting_digests(on("03")) == [Waiting(round.id, date(2026, 12, 7), 1)]
    assert escalate_digests(on("03")) == 1
    assert escalate_digests(on("03") + timedelta(hours=3)) == 0
    assert escalate_digests(on("04")) == 1, "and again the next day"
    (first, _second) = alerts()
    assert (first.recipient, first.language) == ("alice@webshop.example", "en")
    assert "“You said, we did” of November 2026" in first.subject
    assert f"/rounds/{round.id}" in first.text
    assert "1 person gave “Your order” a score in November 2026" in first.text


def test_nobody_is_woken_or_written_to_at_the_weekend(round: Round) -> None:
    assert escalate_digests(on("03") - timedelta(hours=5)) == 0
    assert escalate_digests(on("05")) == 0, "a Saturday"
    assert escalate_digests(on("07") - timedelta(hours=1)) == 1


def test_each_manager_in_their_own_language_and_not_who_is_away(
    people: Cast, round: Round, now: datetime
) -> None:
    with writing():
        make_staff(people.webshop, "Dirk Dekker", "admin", now, language="nl")
        gone = make_staff(people.webshop, "Gert Gone", "manager", now)
        gone.memberships[0].away_until = on("20")
        left = make_staff(people.webshop, "Lea Left", "manager", now)
        left.memberships[0].left_at = now
    escalate_digests(on("03"))
    assert [(m.recipient, m.language) for m in alerts()] == [
        ("alice@webshop.example", "en"),
        ("dirk@webshop.example", "nl"),
    ]


def test_while_all_are_away_all_are_written_to(people: Cast, round: Round) -> None:
    with writing():
        people.alice.memberships[0].away_until = on("20")
    assert escalate_digests(on("03")) == 1


def test_an_approved_one_and_one_that_nobody_waits_for_are_left_alone(
    survey: Survey, round: Round, now: datetime
) -> None:
    with writing():
        approve(round, {"nl": "U zei: dozen."}, None, now)
    said(survey, now, email="words@example.com")
    assert escalate_digests(on("03")) == 0


def test_on_its_date_people_hear_that_there_is_no_news_with_the_next_date(round: Round) -> None:
    assert compose_no_news(on("07") + timedelta(hours=4)) == 1
    told, next_one = db.session.scalars(select(Promise).order_by(Promise.id))
    assert (told.ended_as, next_one.because, next_one.due_on) == ("told", "no_news", date(2026, 12, 14))
    message = db.session.scalars(select(Message).where(Message.kind == "no_news")).one()
    assert "There is no news yet." in message.text
    assert waiting_digests(on("08")) == [], "it has a new date"
    assert waiting_digests(on("10")) == [Waiting(round.id, date(2026, 12, 14), 1)]


def test_one_that_waits_for_a_second_look_goes_out_on_its_date(
    round: Round, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_steps, "FLOOR", 1)
    monkeypatch.setattr(large_steps, "TIMES", 0)
    with writing():
        assert take_digest(round, {"nl": "U zei: dozen."}, None, now).step
    assert escalate_digests(on("04")) == 1, "managers hear that it waits"
    assert round.approved_at is None
    escalate_digests(on("07"))
    assert round.approved_at == on("07")
    assert compose_no_news(on("07") + timedelta(hours=4)) == 0


def test_it_stands_on_top_of_the_inbox(app: Flask, people: Cast, round: Round, now: datetime) -> None:
    def inbox(staff: Staff, moment: datetime) -> Page:
        with time_machine.travel(moment, tick=False):
            return get(signed_in(app, staff), "/inbox")

    assert "First of all" not in inbox(people.bob, now).words
    escalate_digests(on("03"))
    page = inbox(people.bob, on("03"))
    assert "not approved “You said, we did” of November 2026: Your order" in page.words
    assert "1 person was promised it by Monday 7 December 2026" in page.words
    assert page.links()["“You said, we did” of November 2026: Your order"] == f"/rounds/{round.id}"
    assert "First of all" not in inbox(people.charlie, on("03")).words
    assert "First of all" not in inbox(people.bob, on("08")).words, "that day has passed, honestly told"
    with writing():
        approve(round, {"nl": "U zei: dozen."}, None, on("03"))
    assert "First of all" not in inbox(people.bob, on("03")).words
