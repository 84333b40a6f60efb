"""The state of a comment in SQL, by the same rule as `Comment.state` in Python; a test holds them together."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from triage.models import Comment, Tag


def in_state(state: str, now: datetime) -> ColumnElement[bool]:
    """Comments that are open, held or settled at `now`."""
    held = and_(_undoable(now), _live_tag(Comment, Tag.release_at > now, Tag.told_at.is_(None)))
    return {"open": is_open(), "held": held, "settled": and_(~is_open(), ~held)}[state]


def is_open(comment: Any = Comment) -> ColumnElement[bool]:
    """It needs a person: nothing was done about it since it last came back."""
    return ~_live_tag(comment)


def _undoable(now: datetime) -> ColumnElement[bool]:
    """Found from the few tags that are held, however many comments there are."""
    held = select(Tag.comment_id).where(
        Tag.release_at > now, Tag.withdrawn_at.is_(None), Tag.told_at.is_(None)
    )
    return Comment.id.in_(held)


def _live_tag(comment: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    since_reopened = or_(comment.reopened_at.is_(None), Tag.tagged_at > comment.reopened_at)
    return exists().where(
        Tag.comment_id == comment.id, Tag.withdrawn_at.is_(None), since_reopened, *conditions
    )
