"""Alarms: in the log at once, and as rows that a tick of the clock posts to ALERT_URL."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, insert, select, update

from core.db import connection, db
from core.logs import masked
from outbox.models_pace import Alarm

log = structlog.get_logger()

QUIET = timedelta(minutes=15)
"""How long nothing more is posted about one kind of alarm."""
STALE = timedelta(days=1)
KEPT = timedelta(days=30)


def alarm(kind: str, text: str, now: datetime, **details: Any) -> None:
    """Say it in the log, and keep it for ALERT_URL without addresses and links. Inside `writing()`."""
    event = f"alarm: {text}"
    log.error(event, kind=kind, **details)
    said = masked(": ".join(str(part) for part in (text, details.get("reply")) if part))
    connection().execute(insert(Alarm), {"kind": kind, "text": said[:1000], "raised_at": now})


def due(now: datetime) -> list[str]:
    """Kinds of which something is new, and nothing was posted for a while."""
    fresh = select(Alarm.kind).where(Alarm.posted_at.is_(None), Alarm.raised_at > now - STALE)
    recent = select(Alarm.kind).where(Alarm.posted_at > now - QUIET)
    return list(db.session.scalars(fresh.where(Alarm.kind.not_in(recent)).distinct().order_by(Alarm.kind)))


def take(kind: str, now: datetime) -> list[str]:
    """The texts of one kind that nobody posted, oldest first; from now on they count as posted."""
    rows = connection().execute(
        update(Alarm)
        .where(Alarm.kind == kind, Alarm.posted_at.is_(None), Alarm.raised_at > now - STALE)
        .values(posted_at=now)
        .returning(Alarm.id, Alarm.text)
    )
    return [text for _, text in sorted(rows.all())]


def put_back(kind: str, now: datetime) -> None:
    """Nobody took them: they are posted another time."""
    mine = (Alarm.kind == kind) & (Alarm.posted_at == now)
    connection().execute(update(Alarm).where(mine).values(posted_at=None))


def forget(now: datetime) -> None:
    """After a month nobody asks any more."""
    connection().execute(delete(Alarm).where(Alarm.raised_at < now - KEPT))
