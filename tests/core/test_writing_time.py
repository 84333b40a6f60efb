"""No write unit holds the lock over network, and none for long (R25)."""

import sys
from datetime import datetime
from time import thread_time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event

from core import db as database
from core.db import db, writing
from scheduler import TICKS
from tests.cast import Cast
from tests.loop import answered, decided, opened_survey, settled
from tests.sink import Sink

LONGEST = 0.25
PEOPLE = 10


class Stopwatch:
    """Seconds of our own work in each write unit: waiting for a busy machine is not our fault."""

    def __init__(self) -> None:
        self.begun = 0.0
        self.units: list[float] = []
        self.calls: list[str] = []
        event.listen(db.engine, "begin", self._begin)
        event.listen(db.engine, "commit", self._end)
        sys.addaudithook(self._heard)

    def _begin(self, _connection: Connection) -> None:
        self.begun = thread_time()

    def _end(self, _connection: Connection) -> None:
        self.units.append(thread_time() - self.begun)

    def _heard(self, name: str, _arguments: tuple[Any, ...]) -> None:
        if name in {"socket.connect", "socket.sendto", "subprocess.Popen"} and database._writing.get():
            self.calls.append(name)


@pytest.fixture
def stopwatch(app: Flask) -> Stopwatch:
    return Stopwatch()


def test_the_loop_writes_in_short_units_and_never_talks_meanwhile(
    people: Cast, stopwatch: Stopwatch, smtp_server: Sink, now: datetime
) -> None:
    """After a first letter: that one also compiles the templates of its kind."""
    with writing():
        survey, action = opened_survey(people, now), decided(people, now)
    for n in range(PEOPLE):
        with writing():
            settled(answered(survey, now, email=f"p{n}@example.com"), action, now)
        for tick in TICKS:
            tick.work(now)
        if n == 0:
            stopwatch.units.clear()
    assert len(smtp_server.mails) == 2 * PEOPLE
    assert len(stopwatch.units) > 4 * PEOPLE
    assert max(stopwatch.units) <= LONGEST
    assert stopwatch.calls == []
