"""The manager hears before a promise breaks: once a day at most, in their language, with what is not settled."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from accounts.presence import membership
from core.db import db, writing
from followup.alerts.alerting import alert_managers
from followup.composing import compose_due
from followup.default_closing import close_by_default
from outbox.models import Message
from promises.models import Update
from surveys.models import Survey
from surveys.models_responses import Response
from surveys.settings.default_closing import choose_closing
from tests.cast import Cast, make_staff
from tests.loop import answered, decided, settled


@pytest.fixture
def response(survey: Survey, now: datetime) -> Response:
    """Due on Monday a week later."""
    with writing():
        return answered(survey, now)


def alerts() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "alert").order_by(Message.id)))


@pytest.mark.both_databases
def test_on_the_working_day_before_the_managers_are_warned_once(
    people: Cast, response: Response, now: datetime
) -> None:
    friday = now + timedelta(days=4)
    assert alert_managers(now + timedelta(days=3)) == 0, "not on Thursday"
    assert alert_managers(friday) == 1
    assert alert_managers(friday + timedelta(hours=3)) == 0, "once a day"
    (mail,) = alerts()
    assert (mail.recipient, mail.subject) == (
        "alice@webshop.example",
        "1 promise falls due and is not settled",
    )
    assert "Rita Ritsema, Your order\nMonday 30 November 2026, Alice Adams" in mail.text
    assert "Rita Ritsema" in mail.html
    assert db.session.scalars(select(Update)).all() == [], "it is no word to a respondent"
    assert alert_managers(friday + timedelta(days=3)) == 1, "again on the day itself"


def test_nobody_is_written_to_before_eight_or_in_a_weekend(response: Response, now: datetime) -> None:
    assert alert_managers(now + timedelta(days=4, hours=-3)) == 0, "07:30"
    assert alert_managers(now + timedelta(days=5)) == 0, "Saturday"


@pytest.mark.parametrize("told", [True, False])
def test_what_is_settled_is_in_no_danger(people: Cast, response: Response, now: datetime, told: bool) -> None:
    with writing():
        settled(response, decided(people, now), now, hold=timedelta() if told else timedelta(days=6))
    if told:
        compose_due(now)
    assert alert_managers(now + timedelta(days=4)) == 0


def test_an_outcome_is_warned_of_as_well(people: Cast, response: Response, now: datetime) -> None:
    with writing():
        settled(response, decided(people, now, "planned"), now)
    compose_due(now)
    assert alert_managers(now + timedelta(days=4)) == 1
    assert "Monday 30 November 2026, Bob Bakker" in alerts()[0].text


def test_a_manager_who_is_away_is_left_alone_while_another_is_there(
    people: Cast, response: Response, now: datetime
) -> None:
    with writing():
        make_staff(people.webshop, "Ada Arends", "admin", now, language="nl")
        held = membership(people.webshop.id, people.alice.id)
        assert held
        held.away_until = now + timedelta(days=30)
    alert_managers(now + timedelta(days=4))
    assert [m.recipient for m in alerts()] == ["ada@webshop.example"]
    assert alerts()[0].subject == "Voor 1 toezegging nadert de datum, en die is niet afgehandeld"


def test_when_all_are_away_all_of_them_hear(people: Cast, response: Response, now: datetime) -> None:
    with writing():
        held = membership(people.webshop.id, people.alice.id)
        assert held
        held.away_until = now + timedelta(days=30)
    assert alert_managers(now + timedelta(days=4)) == 1


def test_answers_that_were_closed_by_default_are_told_of(
    survey: Survey, response: Response, now: datetime
) -> None:
    with writing():
        choose_closing(survey, 3, {"nl": "Wij lazen dit niet op tijd."}, now)
    friday = now + timedelta(days=4)
    close_by_default(friday - timedelta(hours=2))
    assert alert_managers(friday) == 1
    assert alerts()[0].subject == "1 answer was closed by default"


def test_twenty_are_named_and_the_others_counted(survey: Survey, now: datetime) -> None:
    with writing():
        for n in range(22):
            answered(survey, now, email=f"p{n}@example.com")
    alert_managers(now + timedelta(days=4))
    assert alerts()[0].text.count("Monday 30 November") == 20
    assert "And 2 more." in alerts()[0].text
