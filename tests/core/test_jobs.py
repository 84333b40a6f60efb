"""Ticks: each leaves its pulse; one that fails says so and stops nobody; a clock that stopped is noticed."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock, jobs
from core.db import db, writing
from core.jobs import Tick
from core.models import Beat
from scheduler import TICKS
from tests.cast import make_organisation

both = pytest.mark.both_databases
MINUTE = timedelta(minutes=1)


def fails(_now: datetime) -> int:
    with writing():
        make_organisation("half", clock.now())
        raise ValueError("no such thing")


WORKS, FAILS = Tick("works", MINUTE, lambda _now: 3), Tick("fails", MINUTE, fails)


def pulse(name: str) -> Beat:
    db.session.rollback()
    return db.session.get_one(Beat, name)


def test_a_tick_says_how_much_it_did_and_leaves_its_pulse(app: Flask, now: datetime) -> None:
    assert jobs.run(WORKS, now) == 3
    assert (pulse("works").started_at, pulse("works").finished_at, pulse("works").error) == (now, now, None)


@both
def test_one_that_fails_keeps_its_error_and_the_last_time_it_went_well(app: Flask, now: datetime) -> None:
    jobs.run(Tick("fails", MINUTE, lambda _now: 1), now)
    assert jobs.run(FAILS, now + MINUTE) == 0
    beat = pulse("fails")
    assert (beat.error, beat.started_at, beat.finished_at) == ("ValueError: no such thing", now + MINUTE, now)
    jobs.run(Tick("fails", MINUTE, lambda _now: 1), now + 2 * MINUTE)
    assert pulse("fails").error is None


def test_one_that_fails_does_not_stop_the_others(app: Flask, now: datetime) -> None:
    assert jobs.run_all([FAILS, WORKS], now) == {"fails": 0, "works": 3}


def test_a_very_long_error_is_kept_in_part(app: Flask, now: datetime) -> None:
    def shouts(_now: datetime) -> int:
        raise ValueError("x" * 10_000)

    jobs.run(Tick("shouts", MINUTE, shouts), now)
    assert len(pulse("shouts").error or "") == 500


@both
def test_a_tick_that_missed_three_turns_has_stopped(app: Flask, now: datetime) -> None:
    assert jobs.stopped([WORKS], now) == ["works"]
    jobs.run(WORKS, now)
    assert jobs.stopped([WORKS], now + 3 * MINUTE) == []
    assert jobs.stopped([WORKS], now + 3 * MINUTE + timedelta(seconds=6)) == ["works"]


def test_one_that_fails_has_not_stopped(app: Flask, now: datetime) -> None:
    """The clock runs; what is wrong stands in the log and in its error."""
    jobs.run(FAILS, now)
    assert jobs.stopped([FAILS], now) == []


def test_the_products_health_needs_the_clock_and_this_process_does_not(client: FlaskClient) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz?part=web").status_code) == (503, 200)
    jobs.run_all(TICKS, clock.now())
    healthy = client.get("/healthz")
    assert (healthy.status_code, healthy.json) == (200, {"status": "ok", "ticks": []})


@both
def test_every_tick_may_run_on_an_empty_database_and_twice(app: Flask, now: datetime) -> None:
    for _ in range(2):
        assert set(jobs.run_all(TICKS, now).values()) == {0}
    assert [pulse(tick.name).error for tick in TICKS] == [None] * len(TICKS)
