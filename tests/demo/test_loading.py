"""Loading the demo: once, the same on the same day, without leaving the machine."""

import json
import logging
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import db, writing
from core.errors import Conflict
from core.models import Event, Organisation
from demo import founding, load
from demo.days import Days, at
from demo.reading import script
from demo.stage import Stage
from outbox.addresses import is_reserved
from outbox.models import Attempt, Message
from promises.ledger import Scope, ledger
from promises.models import Promise
from surveys.models import Round, Survey
from surveys.models_responses import Response
from tests.browser import FreshClient
from tests.demo.played import NOW, TODAY, YEAR, Played, everything
from triage.models import Comment

FULL = 8
"""Answers a month from which it counts as full."""


def test_two_loads_on_one_day_give_the_same_ledger_and_figures(
    demo: Flask, found_by_twin: dict[str, Any]
) -> None:
    mine = json.loads(json.dumps(everything(), sort_keys=True))
    assert mine["ledgers"] == found_by_twin["ledgers"]
    assert mine["figures"] == found_by_twin["figures"]


def test_loading_twice_says_that_it_is_loaded(demo: Flask) -> None:
    with pytest.raises(Conflict, match="loaded already"):
        load.load_demo(print, NOW)


def test_the_command_says_so_too_and_changes_nothing(demo: Flask) -> None:
    before = db.session.scalar(select(func.count(Event.id)))
    answer = demo.test_cli_runner().invoke(args=["demo", "load"])
    assert (answer.exit_code, answer.output) == (0, "The demo is loaded already.\n")
    assert db.session.scalar(select(func.count(Event.id))) == before


def test_progress_is_one_short_line_a_month(played: Played) -> None:
    assert len(played.lines) == 16
    assert all(len(line) < 80 and "\n" not in line for line in played.lines)
    assert played.lines[1] == "Playing October 2025 …"


def test_what_goes_wrong_on_purpose_alarms_nobody() -> None:
    log = logging.getLogger("outbox.alarming")
    with load._told_beforehand():
        assert not log.isEnabledFor(logging.ERROR)
    assert log.isEnabledFor(logging.ERROR)


def test_each_ledger_adds_up(demo: Flask) -> None:
    for scope in [
        *(Scope(o.id) for o in _all(Organisation)),
        *(Scope(s.organisation_id, s.id) for s in _all(Survey)),
    ]:
        found = ledger(scope)
        assert found.adds_up
        assert found.responses == found.told + found.promised + found.unreached > 150


def test_each_round_adds_up(demo: Flask) -> None:
    rounds = _all(Round)
    found = [ledger(Scope(r.organisation_id, r.survey_id, r.id)) for r in rounds]
    assert len(found) >= 26
    assert all(one.adds_up for one in found)
    assert sum(one.responses for one in found) == db.session.scalar(select(func.count(Response.id)))


def test_the_command_proves_it(demo: Flask) -> None:
    answer = demo.test_cli_runner().invoke(args=["ledger", "verify"])
    last = answer.output.splitlines()[-1]
    numbers = [int(part.partition("=")[2]) for part in last.split()]
    assert answer.exit_code == 0
    assert numbers[0] == sum(numbers[1:]) == db.session.scalar(select(func.count(Response.id)))


def test_the_oldest_survey_asks_for_satisfaction(demo: Flask) -> None:
    oldest = db.session.scalars(select(Survey).order_by(Survey.id)).first()
    assert oldest is not None
    assert [q.kind for q in oldest.versions[0].questions] == ["csat", "long_text", "contact"]
    assert oldest.is_open


def test_the_last_twelve_months_are_full(demo: Flask) -> None:
    for survey in _all(Survey):
        count = select(Round.starts_on, func.count(Response.id)).join(Response, Response.round_id == Round.id)
        rows = db.session.execute(count.where(Round.survey_id == survey.id).group_by(Round.starts_on))
        answers = dict(rows.all())
        months = [day for day in answers if YEAR[0] <= day <= YEAR[1]]
        assert len(months) == 12
        assert min(answers[day] for day in months) >= FULL


def test_nobody_answered_or_acted_after_the_morning_of_its_day(demo: Flask) -> None:
    morning = at(TODAY, time.min)
    newest = select(func.max(Event.at)).where(Event.verb != load.LOADED)
    assert db.session.scalar(newest) < morning  # type: ignore[operator]
    assert db.session.scalar(select(func.max(Response.submitted_at))) < morning  # type: ignore[operator]
    assert db.session.scalar(select(func.max(Message.created_at))) < morning  # type: ignore[operator]


def test_every_response_was_counted_from_the_day_it_was_given(demo: Flask) -> None:
    assert not db.session.scalar(
        select(func.count(Response.id)).where(Response.received_at != Response.submitted_at)
    )
    for message in db.session.scalars(select(Message).where(Message.state == "sent")):
        assert message.sent_at is not None
        assert timedelta() <= message.sent_at - message.created_at < timedelta(minutes=1)


def test_nothing_of_its_past_left_the_machine(demo: Flask) -> None:
    assert all(o.demo for o in _all(Organisation))
    assert all(is_reserved(m.recipient) for m in _all(Message))
    servers = set(db.session.scalars(select(Attempt.server).where(Attempt.outcome.in_(("sent", "unknown")))))
    assert servers == {"demo"}


def test_nothing_is_left_to_be_sent(demo: Flask) -> None:
    waiting = select(func.count(Message.id)).where(Message.state.in_(("queued", "claimed", "transmitting")))
    assert db.session.scalar(waiting) == 0


def test_what_staff_did_stands_to_their_names(demo: Flask) -> None:
    named = set(
        db.session.scalars(select(Event.actor).where(Event.verb.in_(("comment.tagged", "action.decided"))))
    )
    assert {"Joris van Dam", "Tom Bakker", "Ruud Janssen", "Fatma Yılmaz"} <= named
    assert "clock" not in set(db.session.scalars(select(Event.actor).where(Event.verb == "action.decided")))


def test_every_promise_names_a_person_a_day_and_a_channel(demo: Flask) -> None:
    for promise in _all(Promise):
        assert promise.who.name
        assert promise.due_on
        assert promise.due_at > promise.opened_at
        assert promise.channel in {"mail", "page"}


def test_its_people_sign_in_once(own_demo: Flask) -> None:
    found = load.sign_in_links(clock.now())
    assert set(found) == {"manager", "agent"}
    own_demo.test_client_class = FreshClient
    for address, name in ((found["manager"], "Marieke Postma"), (found["agent"], "Joris van Dam")):
        path = "/" + address.split("/", 3)[3]
        page = own_demo.test_client().get(path)
        assert page.status_code == 200
        assert name in page.text


def test_a_second_pair_of_links_is_another_pair(own_demo: Flask) -> None:
    assert not set(load.sign_in_links(NOW).values()) & set(load.sign_in_links(NOW).values())


def test_a_demo_that_was_cut_short_begins_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_events", lambda _stage: iter(()))
    with writing():
        founding.found(Stage(script(), Days.until(NOW)))
    assert not load.is_loaded()
    lines: list[str] = []
    load.load_demo(lines.append, NOW)
    assert lines[0] == "The demo was cut short while it was loaded; it begins anew."
    assert load.is_loaded()
    assert len(_all(Organisation)) == 2


def test_beside_others_it_does_not_begin_anew(app: Flask, people: object) -> None:
    with writing():
        founding.found(Stage(script(), Days.until(NOW)))
    with pytest.raises(Conflict, match="an installation of its own"):
        load.load_demo(print, NOW)
    assert len(_all(Organisation)) == 4


def test_it_can_be_loaded_beside_others(app: Flask, people: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_events", lambda _stage: iter(()))
    load.load_demo(lambda _line: None, NOW)
    assert [o.slug for o in _all(Organisation)] == ["webshop", "housing", "fietsgoed", "wonen-aan-de-maas"]
    assert len(_all(Comment)) == 0


def _all(model: Any) -> list[Any]:
    return list(db.session.scalars(select(model).order_by(model.id)))
