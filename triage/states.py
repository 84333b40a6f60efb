"""The state of a comment in SQL, by the same rule as `Comment.state` in Python; a test holds them together."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_

from triage.models import Comment, Tag


def in_state(state: str, now: datetime) -> ColumnElement[bool]:
    """Comments that are open, held or settled at `now`."""
    held = _live_tag(Tag.release_at > now)
    return {"open": ~_live_tag(), "held": held, "settled": and_(_live_tag(), ~held)}[state]


def _live_tag(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    since_reopened = or_(Comment.reopened_at.is_(None), Tag.tagged_at > Comment.reopened_at)
    return exists().where(
        Tag.comment_id == Comment.id, Tag.withdrawn_at.is_(None), since_reopened, *conditions
    )
