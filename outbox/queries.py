"""Reading the outbox: counts that add up, the list behind /mailbox, one message with all its attempts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, func, or_, select

from core import clock
from core.db import db
from core.settings import settings
from outbox.models import STATES, Attempt, Message
from outbox.slots import filled, masked

PAGE = 50
USUAL_DAYS = 28
"""Local days before today that say what a usual day is."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages by state; `total` is counted on its own, so that `adds_up` proves something (R1)."""

    by_state: dict[str, int]
    total: int

    @property
    def adds_up(self) -> bool:
        return sum(self.by_state.values()) == self.total

    @property
    def waiting(self) -> int:
        return sum(self.by_state[state] for state in ("queued", "claimed", "transmitting"))


@dataclass(frozen=True, slots=True)
class Line:
    """A message in a list."""

    id: int
    kind: str
    state: str
    recipient: str
    recipient_name: str
    subject: str
    created_at: datetime
    next_attempt_at: datetime
    sent_at: datetime | None
    server_reply: str
    tries: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of messages, newest first; `next` is the `before` of the page after it, None on the last."""

    lines: list[Line]
    next: int | None


@dataclass(frozen=True, slots=True)
class Opened:
    """One message as its reader sees it, its links filled in, with every try at delivering it."""

    message: Message
    text: str
    html: str
    attempts: list[Attempt]


def counts(organisation_id: int) -> Counts:
    """How many messages of an organisation are in each state."""
    mine = Message.organisation_id == organisation_id
    found = db.session.execute(select(Message.state, func.count()).where(mine).group_by(Message.state)).all()
    total = db.session.scalar(select(func.count()).select_from(Message).where(mine)) or 0
    return Counts(dict.fromkeys(STATES, 0) | dict(found), total)


def usual_day(organisation_id: int, timezone: str, now: datetime) -> int:
    """Messages of an organisation on a usual day: the median of its last 28 local days with any; 0 without one."""
    today = clock.local_date(now, timezone)
    ends = [clock.end_of_day(today - timedelta(days=n), timezone) for n in range(1, USUAL_DAYS + 2)]
    day = case(*((Message.created_at > end, number) for number, end in enumerate(ends[1:])))
    mine = Message.organisation_id == organisation_id
    within = (Message.created_at > ends[-1]) & (Message.created_at <= ends[0])
    counted = select(func.count()).select_from(Message).where(mine, within).group_by(day)
    return round(median(db.session.scalars(counted).all() or [0]))


def listing(
    organisation_id: int, state: str | None = None, before: int | None = None, most: int = PAGE
) -> Listing:
    """Messages of an organisation, newest first, from the one with id `before` on (exclusive)."""
    wanted = select(*(getattr(Message, name) for name in Line.__slots__)).where(
        Message.organisation_id == organisation_id
    )
    wanted = wanted.where(Message.state == state) if state else wanted
    wanted = wanted.where(Message.id < before) if before else wanted
    rows = db.session.execute(wanted.order_by(Message.id.desc()).limit(most + 1)).all()
    lines = [Line(*row) for row in rows[:most]]
    return Listing(lines, lines[-1].id if len(rows) > most else None)


def opened(message: Message) -> Opened:
    """A message that was loaded within its organisation.

    Personal links work only where this page is all the mail there is: elsewhere they are its reader's alone.
    """
    fill = masked if settings().smtp_url else filled
    text, html = (fill(body, message.slot, message.links) for body in (message.text, message.html))
    return Opened(message, text, html, list(message.attempts))


def tries_left(
    message_id: SQLColumnExpression[Any] | int | None, key: SQLColumnExpression[Any] | str
) -> ColumnElement[bool]:
    """Attempts of a message whose row is gone: they lost its number, or keep it where the row went behind the database's back."""
    return and_(
        Attempt.message_key == key, or_(Attempt.message_id.is_(None), Attempt.message_id == message_id)
    )
