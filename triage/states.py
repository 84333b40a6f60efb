"""The state of a comment in SQL, by the same rule as `Comment.state` in Python; a test holds them together."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from triage.models import Comment, Tag


def in_state(state: str, now: datetime) -> ColumnElement[bool]:
    """Comments that are open, held or settled at `now`."""
    held = and_(_undoable(now), _live_tag(Tag.release_at > now, Tag.told_at.is_(None)))
    return {"open": is_open(), "held": held, "settled": and_(~is_open(), ~held)}[state]


def is_open() -> ColumnElement[bool]:
    """It needs a person: nothing was done about it since it last came back."""
    return ~_live_tag()


def _undoable(now: datetime) -> ColumnElement[bool]:
    """Found from the few tags that are held, however many comments there are."""
    held = select(Tag.comment_id).where(
        Tag.release_at > now, Tag.withdrawn_at.is_(None), Tag.told_at.is_(None)
    )
    return Comment.id.in_(held)


def _live_tag(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    since_reopened = or_(Comment.reopened_at.is_(None), Tag.tagged_at > Comment.reopened_at)
    return exists().where(
        Tag.comment_id == Comment.id, Tag.withdrawn_at.is_(None), since_reopened, *conditions
    )
