"""Who has a comment open at this moment, so that two people do not answer the same one.

A page that is looked at says so every BEAT seconds; who says nothing for LEASE is gone. Only one's own rows are
written, so that nobody waits for anybody; a page is never the reason why somebody cannot work.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from accounts.models import Staff
from core import rows
from core.db import db
from triage.models_visits import Visit

BEAT = 30
LEASE = timedelta(seconds=90)
"""Three beats: one may get lost."""


@dataclass(frozen=True, slots=True)
class Other:
    staff_id: int
    name: str
    since: datetime


def visit(comment_id: int, staff_id: int, now: datetime) -> None:
    """This colleague has it open, since now unless they had already. What they closed before is cleared away."""
    lapsed = Visit.staff_id == staff_id, Visit.seen_at <= now - LEASE
    db.session.execute(delete(Visit).where(*lapsed))
    mine = Visit.staff_id == staff_id, Visit.comment_id == comment_id
    again = db.session.execute(update(Visit).where(*mine).values(seen_at=now))
    if not again.rowcount:  # type: ignore[attr-defined]
        rows.put_once(Visit, staff_id=staff_id, comment_id=comment_id, since=now, seen_at=now)


def others(comment_id: int, me: int | None, now: datetime) -> list[Other]:
    """Colleagues who have it open too, who came first on top."""
    here = Visit.comment_id == comment_id, Visit.seen_at > now - LEASE, Visit.staff_id != (me or 0)
    query = select(Visit.staff_id, Staff.name, Visit.since).join(Staff).where(*here)
    return [Other(*row) for row in db.session.execute(query.order_by(Visit.since, Visit.staff_id))]
