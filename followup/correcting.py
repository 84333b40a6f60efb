"""What was told changes: whoever heard the old word hears the new one."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from core.db import db
from followup.models import Told
from promises.opening import due_today, open_promise
from triage.acting import finish
from triage.models import Action, Comment, Tag
from triage.tagging import open_promise_of


def tell_done(action: Action, done_on: date, now: datetime) -> int:
    """Mark a plan as done and tell everyone who was told it is planned; returns how many comments."""
    finish(action, done_on, now)
    return _tell_again(_heard(action), action, now)


def correct(wrong: Action, right: Action, now: datetime) -> int:
    """Withdraw an action that was told wrongly; everyone who heard it hears what holds now."""
    wrong.withdrawn_at = now
    return _tell_again(_heard(wrong), right, now)


def _heard(action: Action) -> list[Comment]:
    return list(db.session.scalars(heard(action.id)))


def heard(action_id: int) -> Select[Any]:
    """Comments whose people were told this action, each once."""
    told = select(Told.tag_id).where(Told.action_id == action_id)
    return select(Comment).where(Comment.tags.any(Tag.id.in_(told))).order_by(Comment.id)


def _tell_again(comments: Iterable[Comment], action: Action, now: datetime) -> int:
    tags = [tag_again(comment, action, now) for comment in comments]
    db.session.flush()
    return len(tags)


def tag_again(comment: Comment, action: Action, now: datetime) -> Tag:
    """Owed today, and released at once: a correction does not wait."""
    response = comment.response
    if not open_promise_of(response) and not (response.declined_at or response.erased_at):
        open_promise(response, "correction", *due_today(response.survey, now), now)
        db.session.flush()
    tag = Tag(
        organisation_id=comment.organisation_id, comment=comment, action=action, tagged_at=now, release_at=now
    )
    db.session.add(tag)
    return tag
