"""The mail-hold: while there is one, nothing leaves the machine."""

from datetime import datetime

from sqlalchemy import select, update

from core.db import db
from outbox.models import MailHold


def held() -> MailHold | None:
    """The oldest hold that nobody released."""
    return db.session.scalar(select(MailHold).where(MailHold.released_at.is_(None)).order_by(MailHold.id))


def hold(reason: str, now: datetime) -> MailHold:
    """Stop all sending from the next claim on."""
    row = MailHold(since=now, reason=reason)
    db.session.add(row)
    db.session.flush()
    return row


def release(by: str, now: datetime) -> int:
    """A person says that mail may go out again; returns how many holds that ended."""
    ended = update(MailHold).where(MailHold.released_at.is_(None)).values(released_at=now, released_by=by)
    return int(db.session.connection().execute(ended).rowcount)
