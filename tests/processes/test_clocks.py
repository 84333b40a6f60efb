"""Clocks as real processes: two send what one would, a stopped one is noticed, and the web never ticks."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db, writing
from core.settings import ROOT, Settings
from outbox.models import Message
from promises.ledger import Scope, ledger
from scheduler import TICKS
from tests.cast import Cast
from tests.loop import answered, decided, opened_survey, settled
from tests.sink import Sink
from tests.waiting import until

PEOPLE = 60


def environment(settings: Settings) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {
        "DATABASE_URL": settings.database,
        "DATA_DIR": str(settings.data_dir),
        "SECRET_KEY": settings.secret_key,
        "SMTP_URL": settings.smtp_url,
        "LOG_LEVEL": "ERROR",
    }


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask, and after 25 seconds insist: rows are safe either way."""
    try:
        process.wait(25)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def clocks(settings: Settings, number: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    running = [
        subprocess.Popen([sys.executable, "-m", "scheduler"], cwd=ROOT, env=environment(settings))
        for _ in range(number)
    ]
    try:
        yield running
    finally:
        for process in running:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in running:
            end(process)


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
        until(lambda: told(people) == PEOPLE, 60)
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


def test_the_web_never_ticks(people: Cast, client: FlaskClient, now: datetime) -> None:
    with writing():
        settled(answered(opened_survey(people, now), now), decided(people, now), now - timedelta(minutes=1))
    for _ in range(3):
        client.get("/healthz")
    assert db.session.scalar(select(func.count(Message.id))) == 0
