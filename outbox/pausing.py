"""How long to wait before another try: a message's own back-off, and a pause for a domain that asks for fewer mails."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from core.db import db
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
    held = db.session.get(DomainPause, domain, with_for_update=True)
    if held and held.until > now:
        return
    times = held.times + 1 if held else 1
    until = now + PAUSE * 2 ** min(times - 1, MOST_DOUBLINGS)
    db.session.merge(DomainPause(domain=domain, until=until, times=times, reason=reason[:1000]))
    db.session.flush()


def resume(domain: str) -> None:
    """It took a mail again: the next pause is a short one."""
    db.session.connection().execute(delete(DomainPause).where(DomainPause.domain == domain))


def paused() -> Collection[str]:
    """Domains that asked for a pause and took nothing since, whether or not it is over."""
    return set(db.session.scalars(select(DomainPause.domain)))


def pauses(now: datetime) -> list[DomainPause]:
    """The pauses that hold mail back right now, the longest first."""
    holding = select(DomainPause).where(DomainPause.until > now)
    return list(db.session.scalars(holding.order_by(DomainPause.until.desc(), DomainPause.domain)))
