"""How long to wait before another try: a message's own back-off, and a pause for a domain that asks for fewer mails."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from core.db import connection, db
from core.rows import put_once
from outbox.models_pace import DomainPause

BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360))
PAUSE = timedelta(minutes=1)
MOST_DOUBLINGS = 6
"""The longest pause is about an hour."""


def delay(tries: int) -> timedelta:
    """1, 5, 15, 60 minutes and so on, up to 6 hours, with full jitter."""
    return BACK_OFF[min(tries, len(BACK_OFF) - 1)] * secrets.SystemRandom().random()


def pause(domain: str, reason: str, now: datetime) -> None:
    """Leave a domain alone, twice as long each time in a row; what two senders hear at once counts once."""
    # a row to lock, which does not hold anything back yet: two senders may hear of it at the same moment
    put_once(DomainPause, domain=domain, until=now, times=0, reason="")
    held = db.session.get_one(DomainPause, domain, with_for_update=True, populate_existing=True)
    if held.until > now:
        return
    held.until = now + PAUSE * 2 ** min(held.times, MOST_DOUBLINGS)
    held.times, held.reason = held.times + 1, reason[:1000]
    db.session.flush()


def resume(domain: str) -> None:
    """It took a mail again: the next pause is a short one."""
    connection().execute(delete(DomainPause).where(DomainPause.domain == domain))


def paused() -> Collection[str]:
    """Domains that asked for a pause and took nothing since, whether or not it is over."""
    return set(db.session.scalars(select(DomainPause.domain)))


def pauses(now: datetime) -> list[DomainPause]:
    """The pauses that hold mail back right now, the longest first."""
    holding = select(DomainPause).where(DomainPause.until > now)
    return list(db.session.scalars(holding.order_by(DomainPause.until.desc(), DomainPause.domain)))
