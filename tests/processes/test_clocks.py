"""Clocks as real processes: two send what one would, a stopped one is noticed, and the web never ticks."""

import signal
from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

import scheduler
from core import clock
from core.db import db, writing
from core.settings import Settings
from outbox.channels import conversation
from outbox.models import Message
from promises.ledger import Scope, ledger
from scheduler import TICKS
from script import children
from tests.cast import Cast
from tests.loop import answered, decided, opened_survey, settled
from tests.processes.clocks import clocks
from tests.sink import Sink
from tests.waiting import until, until_all

PEOPLE = 30


def told(people: Cast) -> int:
    db.session.rollback()  # each look is a new one
    return ledger(Scope(people.webshop.id)).told


@pytest.mark.both_databases
def test_two_clocks_send_what_one_would(people: Cast, settings: Settings, smtp_server: Sink) -> None:
    now = clock.now()
    with writing():
        survey, action = opened_survey(people, now), decided(people, now)
        for n in range(PEOPLE):
            settled(answered(survey, now, email=f"p{n}@example.com"), action, now)
    with clocks(settings, 2):
        until_all(lambda: told(people), PEOPLE)
    by_id = Counter(mail.message_id for mail in smtp_server.mails)
    assert max(by_id.values()) == 1, "each Message-ID once"
    updates = [m for m in smtp_server.mails if "stronger box" in m.raw.decode()]
    assert Counter(m.recipients for m in updates) == {(f"p{n}@example.com",): 1 for n in range(PEOPLE)}


def test_a_stopped_clock_is_noticed(settings: Settings, client: FlaskClient) -> None:
    with clocks(settings, 1) as (running,):
        until(lambda: client.get("/healthz").status_code == 200, 30)
        running.send_signal(signal.SIGSTOP)
        until(lambda: client.get("/healthz").status_code == 503, 30)
        assert client.get("/healthz?part=web").status_code == 200, "the web itself is well"
        named = set(client.get("/healthz").json["ticks"])  # type: ignore[index]
        assert named, "which is the first of them depends on when it last ran"
        assert named <= {tick.name for tick in TICKS}


def test_whoever_waits_when_a_clock_is_told_to_stop_gives_up_in_time_to_write_it_down() -> None:
    assert conversation.STOP_SECONDS + 2 < scheduler.STOP_SECONDS < children.GRACE


def test_the_web_never_ticks(people: Cast, client: FlaskClient, now: datetime) -> None:
    with writing():
        settled(answered(opened_survey(people, now), now), decided(people, now), now - timedelta(minutes=1))
    for _ in range(3):
        client.get("/healthz")
    assert db.session.scalar(select(func.count(Message.id))) == 0
