"""Alarms reach ALERT_URL: one post a kind, at most every quarter of an hour, and nothing breaks when nobody answers."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db, writing
from core.models import Beat
from outbox import jobs
from outbox.alarming import KEPT, QUIET, alarm
from outbox.models_pace import Alarm


class Bell(HTTPServer):
    """Keeps what is posted; `status` is what it answers."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ringing)
        self.heard: list[dict[str, object]] = []


class Ringing(BaseHTTPRequestHandler):
    server: Bell

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append(said)
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def bell() -> Iterator[Bell]:
    server = Bell()
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def listened(app: Flask, bell: Bell) -> Bell:
    """The application posts to it."""
    held = app.config["SETTINGS"]
    app.config["SETTINGS"] = held.model_copy(
        update={"alert_url": f"http://127.0.0.1:{bell.server_port}/alarm"}
    )
    return bell


def raise_alarm(kind: str, text: str, now: datetime, **details: object) -> None:
    with writing():
        alarm(kind, text, now, **details)


@pytest.mark.both_databases
def test_it_is_posted_once_with_what_it_is_and_where(app: Flask, listened: Bell, now: datetime) -> None:
    raise_alarm(
        "refused", "the mail server refuses us", now, reply="550 5.7.1 rita@example.com is not for you"
    )
    assert (jobs.post_alarms(now), jobs.post_alarms(now)) == (1, 0)
    assert listened.heard == [
        {
            "alarm": "refused",
            "text": "http://127.0.0.1:8000: the mail server refuses us: 550 5.7.1 [address] is not for you",
            "times": 1,
            "at": now.isoformat(),
        }
    ]


def test_many_of_a_kind_are_one_post_and_then_it_is_quiet(app: Flask, listened: Bell, now: datetime) -> None:
    for n in range(3):
        raise_alarm("unknown", f"delivery not certain {n}", now)
    raise_alarm("breaker", "sending stopped", now)
    assert jobs.post_alarms(now) == 2
    assert [(said["alarm"], said["times"]) for said in listened.heard] == [("breaker", 1), ("unknown", 3)]
    raise_alarm("unknown", "delivery not certain", now + timedelta(minutes=1))
    assert jobs.post_alarms(now + timedelta(minutes=2)) == 0
    assert jobs.post_alarms(now + QUIET) == 1


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_nobody_takes_is_posted_later(
    app: Flask, listened: Bell, now: datetime, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    listened.status = status
    raise_alarm("breaker", "sending stopped", now)
    assert jobs.post_alarms(now) == 0
    assert "an alarm could not be posted" in caplog.text
    listened.status = 204
    assert jobs.post_alarms(now + timedelta(minutes=1)) == 1


@pytest.mark.settings(alert_url="http://127.0.0.1:9/nobody")
def test_nobody_listens_and_nothing_breaks(app: Flask, now: datetime) -> None:
    raise_alarm("breaker", "sending stopped", now)
    assert jobs.post_alarms(now) == 0


def test_without_the_setting_it_stays_in_the_log(
    app: Flask, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    raise_alarm("breaker", "sending stopped", now)
    assert jobs.post_alarms(now) == 0
    assert "alarm: sending stopped" in caplog.text


def test_yesterdays_alarm_is_not_posted_and_last_months_is_forgotten(
    app: Flask, listened: Bell, now: datetime
) -> None:
    raise_alarm("breaker", "sending stopped", now)
    assert jobs.post_alarms(now + timedelta(hours=25)) == 0
    jobs.post_alarms(now + KEPT + timedelta(hours=1))
    assert db.session.scalars(select(Alarm)).all() == []


def test_a_tick_that_fails_is_an_alarm_until_it_is_well(app: Flask, listened: Bell, now: datetime) -> None:
    with writing():
        db.session.add(Beat(name="reports", started_at=now, finished_at=None, error="OSError: disk full"))
    assert jobs.post_alarms(now) == 1
    assert str(listened.heard[0]["text"]).endswith("parts of the clock are overdue or fail: reports")
    assert jobs.post_alarms(now + timedelta(minutes=1)) == 0
    with writing():
        db.session.get_one(Beat, "reports").error = None
    assert jobs.post_alarms(now + timedelta(hours=1)) == 0
