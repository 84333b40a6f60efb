"""Bring work to a named person's desk, or to a manager's."""

from datetime import datetime

from sqlalchemy import select

from accounts.models import Membership, Staff
from accounts.presence import first_present
from core import audit
from core.db import db
from surveys.models import Response
from triage.commenting import comments_of


def manager_for(response: Response, now: datetime, not_again: Staff | None = None) -> Staff | None:
    """A manager at their desk, if there is one; rather somebody else than who answered before."""
    managers = (
        select(Staff)
        .join(Membership, Membership.staff_id == Staff.id)
        .where(
            Membership.organisation_id == response.organisation_id, Membership.role.in_(("manager", "admin"))
        )
        .order_by(Membership.role.desc(), Staff.id)
    )
    found = sorted(db.session.scalars(managers), key=lambda s: s is not_again)
    present = first_present(response.organisation_id, [s.id for s in found], now)
    return next((s for s in found if s.id == present), None)


def assign(response: Response, to: Staff, now: datetime) -> None:
    """Its comments lie on this desk, where they lie on nobody's yet."""
    for comment in comments_of(response):
        if not comment.assignee:
            comment.assignee = to
            audit.record("comment.assigned", comment, now, staff_id=to.id)


def escalate(response: Response, to: Staff, now: datetime) -> None:
    """Its comments are this manager's work, and top the inbox until they are answered."""
    for comment in comments_of(response):
        comment.assignee, comment.escalated_at = to, now
        audit.record("comment.escalated", comment, now, staff_id=to.id)
