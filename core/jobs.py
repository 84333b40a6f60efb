"""A tick: a named function over rows that may run at any time, any number of times, on any machine."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core.db import db, writing
from core.models import Beat
from core.rows import put_once

log = structlog.get_logger()

MISSED_TICKS = 3


@dataclass(frozen=True, slots=True)
class Tick:
    """`work(now)` does what is due and returns how many rows it moved."""

    name: str
    every: timedelta
    work: Callable[[datetime], int]


def run(tick: Tick, now: datetime) -> int:
    """Run one tick and leave its pulse; an error is recorded and does not stop the others."""
    try:
        done = tick.work(now)
    except Exception as error:
        db.session.rollback()
        log.exception("tick failed", tick=tick.name)
        _leave_pulse(tick, now, f"{type(error).__name__}: {error}"[:500])
        return 0
    _leave_pulse(tick, now, None)
    return done


def run_all(ticks: Iterable[Tick], now: datetime) -> dict[str, int]:
    return {tick.name: run(tick, now) for tick in ticks}


def _leave_pulse(tick: Tick, now: datetime, error: str | None) -> None:
    """Where it cannot be written (a full disk) the clock is seen to have stopped, and goes on trying."""
    try:
        with writing():
            _beat(tick, now, error)
    except OperationalError:
        log.exception("no pulse", tick=tick.name)


def _beat(tick: Tick, now: datetime, error: str | None) -> None:
    put_once(Beat, name=tick.name, started_at=now)  # two clocks may begin at the same moment
    beat = db.session.get_one(Beat, tick.name)
    beat.started_at, beat.error = now, error
    beat.finished_at = beat.finished_at if error else now


def stopped(ticks: Iterable[Tick], now: datetime) -> list[str]:
    """Names of ticks that missed three turns: the clock is dead or stuck."""
    last = {beat.name: beat.started_at for beat in db.session.scalars(select(Beat))}
    return [
        t.name
        for t in ticks
        if t.name not in last or now - last[t.name] > MISSED_TICKS * t.every + timedelta(seconds=5)
    ]
