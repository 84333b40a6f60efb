"""The breaker: when one try in five speaks against us, sending stops, a person is told, and one message at a time tries."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.db import db
from outbox.alarming import alarm
from outbox.claiming import is_queued, message
from outbox.models import Attempt
from outbox.models_pace import Breaker

LAST = 50
"""So many attempts are looked at,"""
LIMIT = 10
"""and so many of them, 20 %, open the breaker: also when there were no fifty yet."""
FIRST_WAIT = timedelta(minutes=1)
MOST_DOUBLINGS = 5
"""Between two probes lie at most about half an hour."""


def open_breaker(server: str) -> Breaker | None:
    """The breaker that holds mail to this server back; None when it may go."""
    return db.session.scalar(
        select(Breaker).where(Breaker.server == server, Breaker.closed_at.is_(None)).limit(1)
    )


def judge(server: str, reply: str, now: datetime) -> bool:
    """After a try that speaks against us: whether the breaker is open now, by this try or already."""
    if held := open_breaker(server):
        held.reason = reply[:1000]
        db.session.flush()
        return True
    if _against_us(server) < LIMIT:
        return False
    if _open_once(server, reply, now):
        alarm("breaker", "sending stopped: too many tries failed", now, server=server, reply=reply)
    return True


def _against_us(server: str) -> int:
    """How many of the last fifty tries since the breaker was last closed."""
    closed = select(func.max(Breaker.closed_at)).where(Breaker.server == server).scalar_subquery()
    tries = select(Attempt.against_us).where(Attempt.server == server, Attempt.against_us.is_not(None))
    since = tries.where((closed.is_(None)) | (Attempt.at > closed))
    return sum(bool(one) for one in db.session.scalars(since.order_by(Attempt.id.desc()).limit(LAST)))


def _open_once(server: str, reply: str, now: datetime) -> bool:
    """Two senders may see it at the same time."""
    insert = (sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql).insert(Breaker)
    row = {"server": server, "opened_at": now, "reason": reply[:1000], "probe_at": now + FIRST_WAIT}
    opened = insert.values(**row, probes=0).on_conflict_do_nothing().returning(Breaker.id)
    return db.session.connection().execute(opened).first() is not None


def take_probe(held: Breaker, now: datetime) -> bool:
    """Whether this sender may try one message; the time of the next probe moves, so that only one does."""
    wait = FIRST_WAIT * 2 ** min(held.probes, MOST_DOUBLINGS)
    took = (
        update(Breaker)
        .where(
            Breaker.id == held.id, Breaker.closed_at.is_(None), Breaker.probe_at <= now, _something_due(now)
        )
        .values(probe_at=now + wait, probes=Breaker.probes + 1)
    )
    return bool(db.session.connection().execute(took).rowcount)


def _something_due(now: datetime) -> Any:
    return exists().where(is_queued, message.c.next_attempt_at <= now, message.c.expires_at > now)


def close(server: str, now: datetime) -> None:
    """The server took a message, or refused it for a reason of its own: mail goes out again."""
    closed = update(Breaker).where(Breaker.server == server, Breaker.closed_at.is_(None))
    if db.session.connection().execute(closed.values(closed_at=now)).rowcount:
        alarm("breaker", "sending goes on", now, server=server)


def probe_now(server: str, now: datetime) -> bool:
    """A person wants to know at once; False when no breaker is open."""
    at_once = (
        update(Breaker).where(Breaker.server == server, Breaker.closed_at.is_(None)).values(probe_at=now)
    )
    return bool(db.session.connection().execute(at_once).rowcount)
