"""The time line: what happened when, and the ticks of the clock that followed, with `now` in the past."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from core.db import db, writing
from demo.days import HOLD, at, is_working, local_day
from followup.composing import compose_due
from followup.corrections.retelling import compose_corrections
from followup.digests.retelling_digests import compose_digest_corrections
from followup.no_news import compose_moves, compose_no_news
from followup.receipts import compose_receipts
from promises.models import Promise

Tick = Callable[[datetime], int]
SOON = timedelta(seconds=4)
"""A tick comes at most five seconds after what it finds."""
NEWS_HOUR = time(14, 1)


def _last_word(now: datetime) -> int:
    """What falls due today is told today. On most days nothing does, and a look saves two ticks."""
    due = select(Promise.id).where(Promise.is_open, Promise.due_at <= now + timedelta(hours=12)).limit(1)
    return compose_due(now) + compose_no_news(now) if db.session.scalar(due) else 0


STIRS: dict[str, tuple[timedelta, tuple[Tick, ...]]] = {
    "answer": (SOON, (compose_receipts,)),
    "tags": (HOLD + SOON, (compose_due,)),
    "deed": (SOON, (compose_moves, compose_corrections, compose_digest_corrections, compose_due)),
    "day": (timedelta(), (_last_word,)),
    "aside": (timedelta(), ()),
}
"""kind of event → how long after it, and which ticks find something to do"""


@dataclass(frozen=True, slots=True)
class Event:
    """`play` calls verbs, inside `writing()`."""

    at: datetime
    kind: str
    play: Callable[[datetime], object]


@dataclass(slots=True)
class Clock:
    """The ticks that are due, in order; what is due twice in one moment is done once."""

    deliver: Tick
    due: set[tuple[datetime, str]] = field(default_factory=set)

    def stir(self, event: Event) -> None:
        after, ticks = STIRS[event.kind]
        if ticks:
            self.due.add((event.at + after, event.kind))

    def run_until(self, moment: datetime) -> None:
        for now, kind in sorted(one for one in self.due if one[0] <= moment):
            self.due.remove((now, kind))
            _after, ticks = STIRS[kind]
            if sum(tick(now) for tick in ticks):
                self.deliver(now)


def play(
    events: Iterable[Event], until: datetime, deliver: Tick, begin_month: Callable[[date], object]
) -> None:
    """All events before `until` in their order, and between them whatever a clock would have done."""
    clock = Clock(deliver)
    month = date.min
    for event in sorted((e for e in events if e.at < until), key=lambda e: e.at):
        clock.run_until(event.at)
        if local_day(event.at).replace(day=1) != month:
            month = local_day(event.at).replace(day=1)
            begin_month(month)
        with writing():
            event.play(event.at)
        clock.stir(event)
    clock.run_until(until)


def days(first: date, last: date) -> Iterator[Event]:
    """Each working day at the hour at which "no news" is told: no promise falls due on another day."""
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    for day in every:
        if is_working(day):
            yield Event(at(day, NEWS_HOUR), "day", _nothing)


def _nothing(_now: datetime) -> None:
    """The day itself is what happens."""
