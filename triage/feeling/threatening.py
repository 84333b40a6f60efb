"""A threat goes to a manager at once, on top of the inbox; a manager can say that it is none."""

from datetime import datetime
from typing import Any

from core import audit
from core.db import db
from surveys.models_responses import Response
from triage.feeling.threats import threat
from triage.managers import manager_for
from triage.models import Comment

APART = "legal"
"""Found and shown, but nobody is in danger: it stays where it is in the inbox."""


def facts(words: str, response: Response, now: datetime) -> dict[str, Any]:
    """What a comment with these words is written down with; empty for nearly all of them."""
    kind = threat(words)
    if not kind:
        return {}
    found = {"threat": kind, "threat_at": now}
    return found if kind == APART else {**found, **_to_a_manager(response, now)}


def _to_a_manager(response: Response, now: datetime) -> dict[str, Any]:
    """It tops the inbox also where there is no manager at all."""
    manager = manager_for(response, now)
    return {"escalated_at": now, **({"assignee_id": manager.id} if manager else {})}


def heed(comment: Comment, words: str, now: datetime) -> None:
    """Somebody wrote once more, about a comment that is there already."""
    for name, value in (found := facts(words, comment.response, now)).items():
        setattr(comment, name, value)
    if found:
        comment.threat_cleared_at = None
        record(comment.organisation_id, comment.id, found["threat"], now)


def record(organisation_id: int, comment_id: int, kind: str, now: datetime) -> None:
    """Which kind it is, and none of its words."""
    audit.record_many("comment.threat_found", organisation_id, "comment", [comment_id], now, kind=kind)


def clear(comment: Comment, now: datetime) -> None:
    """It is no threat: what only that had brought on top of the inbox goes back to its place."""
    if not comment.threatens:
        return
    if comment.escalated_at == comment.threat_at:
        comment.escalated_at = None
    comment.threat_cleared_at = now
    audit.record("comment.no_threat", comment, now)
    db.session.flush()
