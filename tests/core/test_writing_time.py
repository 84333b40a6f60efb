"""No write unit holds the lock over network, and none for long (R25)."""

import socket
import subprocess
from collections.abc import Callable, Iterator
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


REACHING = ((socket.socket, "connect"), (socket.socket, "sendto"), (subprocess.Popen, "__init__"))


class Stopwatch:
    """Seconds of our own work in each write unit: waiting for a busy machine is not our fault."""

    def __init__(self) -> None:
        self.begun = 0.0
        self.units: list[float] = []
        self.calls: list[str] = []

    def begin(self, _connection: Connection) -> None:
        self.begun = thread_time()

    def end(self, _connection: Connection) -> None:
        self.units.append(thread_time() - self.begun)

    def hearing(self, reach: Callable[..., Any]) -> Callable[..., Any]:
        def heard(*given: Any, **named: Any) -> Any:
            if database._writing.get():
                self.calls.append(reach.__qualname__)
            return reach(*given, **named)

        return heard


@pytest.fixture
def stopwatch(app: Flask, no_garbage: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stopwatch]:
    watch = Stopwatch()
    heard = (("begin", watch.begin), ("commit", watch.end))
    for owner, name in REACHING:
        monkeypatch.setattr(owner, name, watch.hearing(getattr(owner, name)))
    for name, hear in heard:
        event.listen(db.engine, name, hear)
    yield watch
    for name, hear in heard:
        event.remove(db.engine, name, hear)


def test_a_call_in_a_write_unit_is_heard(stopwatch: Stopwatch) -> None:
    with writing():
        subprocess.run(["true"], check=True)
    assert stopwatch.calls == ["Popen.__init__"]


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
