"""Claiming messages: one sender at a time holds a row, under a lease that ends and a fence that only rises.

Leases are compared in the database's time; only a row that is `claimed` ever goes back to the queue.
A domain that asked for a pause, or that two other senders are busy with, is passed over.
"""

import secrets
import socket
import threading
from datetime import datetime, timedelta
from math import inf
from time import monotonic
from typing import cast

from sqlalchemy import Table, bindparam, exists, func, literal_column, select, union, update

from core import clock
from core.db import connection
from outbox import bodies
from outbox.letters import Letter
from outbox.models import MailHold, Message
from outbox.models_pace import DomainPause

LEASE = timedelta(seconds=30)
BATCH = 50
MOST_PER_DOMAIN = 2
"""How many senders may be busy with one domain at the same time: more are taken for an attack."""
TURN = 7_413_250_928
"""The number of the lock under which PostgreSQL claims, so that two senders see each other's claims."""


class Stopping(threading.Event):
    """Set when this process was asked to end: from then on nothing is claimed. `at` is in monotonic seconds."""

    at = inf

    def set(self) -> None:
        self.at = min(self.at, monotonic())
        super().set()

    def clear(self) -> None:
        self.at = inf
        super().clear()


stopping = Stopping()

message = cast(Table, Message.__table__)
is_queued = message.c.state == literal_column("'queued'")
"""A literal, so that both databases see that the partial index fits."""
_hold = exists().where(MailHold.released_at.is_(None))
_due = (
    select(message.c.id)
    .where(is_queued, message.c.next_attempt_at <= bindparam("now"), message.c.expires_at > bindparam("now"))
    .where(message.c.domain.not_in(bindparam("avoided", [], expanding=True)))
    .where(message.c.channel == bindparam("of_channel"), ~_hold)
    .order_by(message.c.next_attempt_at, message.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = (
    update(message)
    .where(message.c.id.in_(select(_due.c.id)))
    .values(state="claimed", owner=bindparam("by"), fence=message.c.fence + 1, lease_until=bindparam("until"))
    .returning(*(bodies.column(n) if n in {"text", "html"} else message.c[n] for n in Letter.__slots__))
)
_RENEW = update(message).where(message.c.owner == bindparam("by")).values(lease_until=bindparam("until"))
_AVOIDED = union(
    select(message.c.domain)
    .where(message.c.owner.is_not(None))
    .group_by(message.c.domain)
    .having(func.count(message.c.owner.distinct()) >= MOST_PER_DOMAIN),
    select(DomainPause.domain).where(DomainPause.until > bindparam("now")),
)
_RELEASE = (
    update(message)
    .where(
        message.c.owner == bindparam("by"), message.c.state == "claimed", message.c.id != bindparam("kept")
    )
    .values(state="queued", owner=None, lease_until=None)
)


def new_owner() -> str:
    """A name for one run of a sender that no other run ever had."""
    return f"{socket.gethostname()[:40]}-{secrets.token_hex(8)}"


def claim(owner: str, now: datetime, channel: str = "mail", most: int = BATCH) -> list[Letter]:
    """Take what is due, oldest first, and nothing while there is a mail-hold. The owner holds nothing else."""
    values = {"now": now, "of_channel": channel, "most": most, "by": owner, "until": lease_end()}
    rows = connection().execute(_CLAIM, values | {"avoided": _avoided(now)}).all()
    letters = [Letter(*row) for row in rows]
    return sorted(letters, key=lambda letter: (letter.next_attempt_at, letter.id))


def _avoided(now: datetime) -> list[str]:
    """Domains that nobody more may write to right now."""
    there = connection()
    if there.dialect.name != "sqlite":  # there, whoever writes is alone
        there.execute(select(func.pg_advisory_xact_lock(TURN)))
    return list(there.execute(_AVOIDED, {"now": now}).scalars())


def renew(owner: str) -> int:
    """Hold on to everything this owner has."""
    return connection().execute(_RENEW, {"by": owner, "until": lease_end()}).rowcount


def release(owner: str, kept: int = 0) -> int:
    """Give back what was claimed and not begun, but for the message with the id `kept`."""
    return connection().execute(_RELEASE, {"by": owner, "kept": kept}).rowcount


def lease_end() -> datetime:
    return database_time() + LEASE


def database_time() -> datetime:
    """The clock that all senders share: the server's, or on SQLite that of the machine."""
    there = connection()
    if there.dialect.name == "sqlite":
        return clock.now()
    return cast(datetime, there.scalar(select(func.clock_timestamp())))
