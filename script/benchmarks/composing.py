"""Telling people: CPU of one who is told something (asked again, rendered, frozen, ended), and the longest time the lock is held."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, event

from core import clock
from core.db import db, writing
from followup.composing import compose_due
from followup.no_news import compose_no_news
from followup.rendering import warm_up
from script.benchmarks.letters import render_one
from script.benchmarks.mail import timed
from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import folder
from surveys.models import Survey
from tests.crowd import crowd
from triage.acting import Decision, decide
from triage.models import Action

LETTER_MS, TOLD_MS, UNIT_MS = 2, 8, 250
ANSWERS_OF_ONE = 200
FIRST = 10
"""People told before anything is measured: the first letter of a kind also compiles its statements."""

Figure = dict[str, Any]
Tick = Callable[[datetime], int]


class Units:
    """The longest write unit: seconds on the wall, and of this process."""

    def __init__(self) -> None:
        self.begun, self.wall, self.cpu = (0.0, 0.0), 0.0, 0.0
        event.listen(db.engine, "begin", self._begin)
        event.listen(db.engine, "commit", self._end)

    def _begin(self, _connection: Connection) -> None:
        self.begun = time.perf_counter(), time.process_time()

    def _end(self, _connection: Connection) -> None:
        self.wall = max(self.wall, time.perf_counter() - self.begun[0])
        self.cpu = max(self.cpu, time.process_time() - self.begun[1])


def measure(quick: bool) -> Iterator[Figure]:
    many = 300 if quick else 2_000
    with folder() as data, application(data):
        warm_up()
        survey, now = open_one(), clock.now()
        yield {"figure": "letter rendered", "target": LETTER_MS} | timed(200, render_one)
        for name, tick, promises, people, tagged in (
            ("told by one action", compose_due, many, 0, True),
            ("told that there is no news", compose_no_news, many, 0, False),
            (f"of one person, {ANSWERS_OF_ONE} due at once", compose_due, ANSWERS_OF_ONE, 1, True),
        ):
            action = _decided(survey, now) if tagged else None
            _due(survey, FIRST, FIRST, action, now)
            tick(now)
            _due(survey, promises, people, action, now)
            yield {"figure": name, "promises": promises, "target": TOLD_MS} | _ticked(tick, now, promises)


def _decided(survey: Survey, now: datetime) -> Action:
    with writing():
        decision = Decision("done", "Boxes", survey.signer_id, {"en": "We now use a stronger box."})
        return decide(survey.organisation_id, decision, now.date(), now)


def _due(survey: Survey, promises: int, people: int, tagged: Action | None, now: datetime) -> None:
    """Promises in hours that fall due at this moment."""
    with writing():
        crowd(
            survey,
            promises,
            now,
            mail=True,
            people=people,
            by=(now + timedelta(minutes=1), None),
            tagged=tagged,
        )


def _ticked(tick: Tick, now: datetime, promises: int) -> Figure:
    units, cpu = Units(), time.process_time()
    if (done := tick(now)) != promises:
        raise RuntimeError(f"{tick.__name__} did {done} of {promises}")
    return {
        "ms": round((time.process_time() - cpu) / promises * 1000, 2),
        "longest_unit_ms": round(units.wall * 1000), "longest_unit_cpu_ms": round(units.cpu * 1000), "unit_target": UNIT_MS,
    }  # fmt: skip
