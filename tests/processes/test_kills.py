"""Senders are killed at any moment: nothing is lost, nothing is sent twice, the unknowable is openly unknown (R12, R13, R9)."""

import os
import random
import signal
import threading
from datetime import datetime, timedelta
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy import Select, select

from core import clock
from core.db import db, writing
from core.settings import Settings
from outbox.channels import CONNECTIONS
from outbox.models import Attempt, Message
from outbox.queries import counts
from tests.cast import Cast
from tests.outbox.post import queue, write
from tests.processes.senders import Draw, Nursery, faults_in_accounts, is_gone, kill, listed, settle, states
from tests.sink import Sink

pytestmark = pytest.mark.both_databases
KILLS, MESSAGES, SENDERS = 25, 300, 2


def read(wanted: Select[str]) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(wanted))


def test_kills_at_any_moment(app: Flask, people: Cast, settings: Settings, smtp_server: Sink) -> None:
    seed = int(os.environ.get("SEED", "20261123"))
    chance, smtp_server.draw = random.Random(seed), Draw(seed)
    with writing():
        for n in range(MESSAGES):
            write(people.webshop, clock.now(), f"customer{n}@d{n % 8}.example.com")
    with Nursery(settings, smtp_server.url) as nursery:
        alive = [nursery.start() for _ in range(SENDERS)]
        for _ in range(KILLS):
            threading.Event().wait(chance.uniform(0.02, 0.25))
            kill(alive.pop(chance.randrange(SENDERS)))
            alive.append(nursery.start())
        for pid in alive:
            kill(pid)
        settle(nursery)
    assert faults_in_accounts(smtp_server, settings.domain) == []
    found = counts(people.webshop.id)
    assert found.adds_up
    assert found.total == MESSAGES
    # whoever is killed leaves at most one message for each of its connections
    assert found.by_state["unknown"] <= (KILLS + SENDERS) * CONNECTIONS + smtp_server.draw.drops
    assert found.by_state["sent"] > MESSAGES / 2
    evidence = set(db.session.scalars(select(Attempt.message_id).where(Attempt.outcome == "unknown")))
    unknown = set(db.session.scalars(select(Message.id).where(Message.state == "unknown")))
    assert evidence >= unknown
    assert listed(people.webshop.id, "unknown") == unknown, "all of them are shown to a person"


def test_asked_to_end_in_the_middle(app: Flask, people: Cast, settings: Settings, smtp_server: Sink) -> None:
    for n in range(5):
        queue(people.webshop, clock.now(), f"{n}@example.com")
    smtp_server.then(["slow_final_reply"])
    with Nursery(settings, smtp_server.url, FINAL_SECONDS="60") as nursery:
        pid = nursery.start()
        nursery.until(lambda: smtp_server.mails)
        asked = monotonic()
        kill(pid, signal.SIGTERM)
        nursery.until(lambda: is_gone(pid), seconds=25)
    smtp_server.gate.set()
    assert monotonic() - asked < 25
    assert states() == {"unknown": 1, "queued": 4}


def test_a_sender_that_sleeps_through_its_lease(
    app: Flask, people: Cast, settings: Settings, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, clock.now() - timedelta(seconds=1))
    smtp_server.then(["slow_final_reply"])
    with Nursery(settings, smtp_server.url, FINAL_SECONDS="60") as nursery:
        sleeper = nursery.start()
        nursery.until(lambda: smtp_server.mails)
        kill(sleeper, signal.SIGSTOP)
        nursery.start()
        nursery.until(lambda: states()["unknown"] == 1)
        smtp_server.gate.set()
        kill(sleeper, signal.SIGCONT)
        said = select(Attempt.outcome).where(Attempt.message_id == message.id).order_by(Attempt.id)
        nursery.until(lambda: read(said) == ["unknown", "sent"])
    assert (message.state, message.sent_at, len(smtp_server.mails)) == ("unknown", None, 1)


def test_a_sender_that_dies_of_an_error_fails_the_test_at_once(
    app: Flask, settings: Settings, smtp_server: Sink
) -> None:
    with Nursery(settings, smtp_server.url, SMTP_URL="gopher://127.0.0.1") as nursery:
        asked = monotonic()
        with pytest.raises(AssertionError, match=r"(?s)a sender died of this.*SMTP_URL"):
            settle(nursery)
    assert monotonic() - asked < 30
