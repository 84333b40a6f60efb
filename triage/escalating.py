"""Bring work to a named person's desk, or to a manager's."""

from datetime import datetime

from accounts.models import Staff
from core import audit
from surveys.models_responses import Response
from triage.commenting import on_the_desk


def assign(response: Response, to: Staff, now: datetime) -> None:
    """Its comments lie on this desk, where they lie on nobody's yet."""
    for comment in on_the_desk(response):
        if not comment.assignee:
            comment.assignee = to
            audit.record("comment.assigned", comment, now, staff_id=to.id)


def escalate(response: Response, to: Staff, now: datetime) -> None:
    """Its comments are this manager's work, and top the inbox until they are answered."""
    for comment in on_the_desk(response):
        comment.assignee, comment.escalated_at = to, now
        audit.record("comment.escalated", comment, now, staff_id=to.id)
