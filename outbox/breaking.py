"""The breaker: when one try in five speaks against us, sending stops, a person is told, and one message at a time tries."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, update

from core.db import connection, db
from core.rows import put_once
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
    opened = {"opened_at": now, "reason": reply[:1000], "probe_at": now + FIRST_WAIT, "probes": 0}
    if put_once(Breaker, server=server, **opened):  # two senders may see it at the same time
        alarm("breaker", "sending stopped: too many tries failed", now, server=server, reply=reply)
    return True


def _against_us(server: str) -> int:
    """How many of the last fifty tries since the breaker was last closed."""
    closed = select(func.max(Breaker.closed_at)).where(Breaker.server == server).scalar_subquery()
    tries = select(Attempt.against_us).where(Attempt.server == server, Attempt.against_us.is_not(None))
    since = tries.where((closed.is_(None)) | (Attempt.at > closed))
    return sum(bool(one) for one in db.session.scalars(since.order_by(Attempt.id.desc()).limit(LAST)))


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
    return bool(connection().execute(took).rowcount)


def _something_due(now: datetime) -> Any:
    return exists().where(is_queued, message.c.next_attempt_at <= now, message.c.expires_at > now)


def close(server: str, now: datetime) -> None:
    """The server took a message, or refused it for a reason of its own: mail goes out again."""
    closed = update(Breaker).where(Breaker.server == server, Breaker.closed_at.is_(None))
    if connection().execute(closed.values(closed_at=now)).rowcount:
        alarm("breaker", "sending goes on", now, server=server)


def probe_now(server: str, now: datetime) -> bool:
    """A person wants to know at once; False when no breaker is open."""
    at_once = (
        update(Breaker).where(Breaker.server == server, Breaker.closed_at.is_(None)).values(probe_at=now)
    )
    return bool(connection().execute(at_once).rowcount)
