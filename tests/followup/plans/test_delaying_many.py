"""A plan that many were told is moved some people at a time: a first few at once, the others by a tick, each exactly once."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import audit
from core.access import Role
from core.db import db, writing
from core.errors import Conflict
from core.models import Event
from followup.composing import compose_due
from followup.corrections.correcting import correct, tell_done
from followup.corrections.retelling import compose_corrections
from followup.no_news import compose_moves
from followup.plans import delaying_each
from followup.plans.delaying import delay
from followup.plans.models import PlanMove
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.models import Promise
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, day, decided, opened_survey, settled
from triage.models import Action

pytestmark = pytest.mark.usefixtures("two_at_a_time")
BOTH = pytest.mark.both_databases
LATER = day("2026-12-04")
WHY = {"en": "The supplier is late."}
DAY = timedelta(days=1)


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delaying_each, "SLICE", 2)


@pytest.fixture
def five(people: Cast, plan: Action, now: datetime) -> list[Response]:
    """People who were told the plan."""
    with writing():
        survey = opened_survey(people, now)
        found = [answered(survey, now, email=f"{name}@example.com") for name in "abcde"]
        for response in found:
            settled(response, plan, now)
    compose_due(now)
    return found


def moved(plan: Action, now: datetime) -> int:
    with writing():
        return delay(plan, LATER, WHY, Role.agent, now)


def with_the_later_date() -> int:
    return sum(p.because == "moved" for p in db.session.scalars(select(Promise)))


def told_so() -> list[str]:
    mails = db.session.scalars(select(Message.recipient).where(Message.kind == "moved"))
    return sorted(address[0] for address in mails)


@BOTH
def test_a_first_few_at_once_and_the_others_by_a_tick(
    people: Cast, plan: Action, five: list[Response], now: datetime
) -> None:
    assert moved(plan, now) == 5, "all who will hear it"
    assert with_the_later_date() == 2
    assert delaying_each.move_the_rest(now) == 3
    assert delaying_each.move_the_rest(now) == 0
    compose_moves(now)
    assert told_so() == list("abcde")
    assert ledger(Scope(people.webshop.id)).adds_up


def test_what_stops_in_the_middle_of_a_few_goes_on_with_them(
    plan: Action, five: list[Response], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(plan, now)
    with monkeypatch.context() as broken:
        broken.setattr(delaying_each, "in_their_words", _fails_for(five[3]))
        with pytest.raises(OSError, match="gone"):
            delaying_each.move_the_rest(now)
    db.session.rollback()
    assert with_the_later_date() == 2, "none of those it was at"
    assert delaying_each.move_the_rest(now) == 3
    compose_moves(now)
    assert told_so() == list("abcde")


def _fails_for(whom: Response) -> object:
    def words(reasons: dict[str, str], response: Response) -> str:
        if response is whom:
            raise OSError("gone")
        return reasons["en"]

    return words


@BOTH
def test_two_clocks_move_each_of_them_once(
    app: Flask, plan: Action, five: list[Response], now: datetime
) -> None:
    moved(plan, now)
    ready = threading.Barrier(2)

    def a_clock() -> None:
        with app.app_context():
            ready.wait(10)
            delaying_each.move_the_rest(now)

    clocks = [threading.Thread(target=a_clock) for _ in range(2)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join(20)
    db.session.expire_all()
    assert with_the_later_date() == 5
    assert db.session.scalars(select(PlanMove)).one().finished_at


def test_it_is_not_moved_again_while_the_first_date_is_on_its_way(
    plan: Action, five: list[Response], now: datetime
) -> None:
    moved(plan, now)
    with pytest.raises(Conflict, match="Move the plan again in a minute"), writing():
        delay(plan, LATER + DAY, WHY, Role.manager, now)
    delaying_each.move_the_rest(now)
    with writing():
        assert delay(plan, LATER + DAY, WHY, Role.manager, now) == 5


def test_a_plan_that_is_done_meanwhile_moves_nobody_else(
    plan: Action, five: list[Response], now: datetime
) -> None:
    moved(plan, now)
    with writing():
        tell_done(plan, now.date(), now)
    assert delaying_each.move_the_rest(now) == 0
    assert compose_corrections(now) + compose_due(now) == 5
    assert with_the_later_date() == 2
    done = db.session.scalars(select(Message.recipient).where(Message.subject.startswith("Done:"))).all()
    assert sorted(address[0] for address in done) == list("abcde")


def test_nor_does_one_that_was_wrong(people: Cast, plan: Action, five: list[Response], now: datetime) -> None:
    moved(plan, now)
    with writing():
        correct(plan, decided(people, now), now)
    assert delaying_each.move_the_rest(now) == 0
    assert with_the_later_date() == 2


def test_who_is_told_the_plan_since_reads_the_new_date_and_hears_of_no_move(
    plan: Action, five: list[Response], now: datetime
) -> None:
    moved(plan, now)
    with writing():
        late = answered(five[0].survey, now, email="z@example.com")
        settled(late, plan, now)
    compose_due(now)
    delaying_each.move_the_rest(now)
    compose_moves(now)
    assert told_so() == list("abcde")
    letter = db.session.scalars(select(Message).where(Message.recipient == "z@example.com", Message.kind == "update")).one()  # fmt: skip
    assert "Planned for 4 December 2026" in letter.text


def test_whoever_asked_for_it_did_it_to_each(plan: Action, five: list[Response], now: datetime) -> None:
    with audit.acting("Bob Bakker"):
        moved(plan, now)
    delaying_each.move_the_rest(now)
    did = db.session.scalars(select(Event.actor).where(Event.verb == "promise.moved")).all()
    assert did == ["Bob Bakker"] * 5
