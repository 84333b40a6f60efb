"""Tag comments with the action taken. A tag is held for a while, so that it can be undone, and then released."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from promises.models import Promise
from promises.opening import due, open_promise
from surveys.models import Response
from triage.models import Action, Comment, Tag


def tag(
    comments: Iterable[Comment], action: Action, by_id: int | None, hold: timedelta, now: datetime
) -> list[Tag]:
    """One tag a comment, unless it has that one already; the hold never runs past the promised date."""
    if action.withdrawn_at:
        raise DomainError(_("This action was withdrawn. Choose another one."))
    lacking = [c for c in comments if not _has(c, action)]
    _make_room(lacking, action, now)
    made = [_tag(c, action, by_id, hold, now) for c in lacking]
    db.session.flush()
    return made


def _has(comment: Comment, action: Action) -> bool:
    return any(t.action_id == action.id for t in comment.live_tags)


def _make_room(comments: Iterable[Comment], action: Action, now: datetime) -> None:
    """A tag from before a comment came back, of which nobody was told yet, gives way to the one of now."""
    untold = [
        t for c in comments for t in c.tags if t.action_id == action.id and not (t.withdrawn_at or t.told_at)
    ]
    for earlier in untold:
        earlier.withdrawn_at = now
    db.session.flush()


def _tag(comment: Comment, action: Action, by_id: int | None, hold: timedelta, now: datetime) -> Tag:
    promise = owed(comment.response, now)
    release = min(now + hold, promise.due_at) if promise else now + hold
    made = Tag(
        organisation_id=comment.organisation_id,
        comment=comment,
        action=action,
        tagged_by_id=by_id,
        tagged_at=now,
        release_at=max(release, now),
    )
    db.session.add(made)
    audit.record("comment.tagged", comment, now, action_id=action.id)
    return made


def owed(response: Response, now: datetime) -> Promise | None:
    """The open promise under which this will be told; a new one for who was told before. None: nothing is owed."""
    if response.declined_at or response.erased_at or response.history:
        return None
    held = open_promise_of(response)
    if held:
        return held
    due_at, due_on = due(response.survey, now)
    return open_promise(response, "more", due_at, due_on, now)


def open_promise_of(response: Response) -> Promise | None:
    return db.session.scalar(select(Promise).where(Promise.response_id == response.id, Promise.is_open))


def undo(held: Tag, now: datetime) -> None:
    """Take a tag back within its hold; Conflict when it was told meanwhile."""
    if held.told_at:
        raise Conflict(_("This was told already. It can be corrected, not undone."))
    if held.withdrawn_at:
        raise Conflict(_("This was undone already."))
    held.withdrawn_at = now
    audit.record("comment.untagged", held.comment, now, action_id=held.action_id)


def send_now(tags: Iterable[Tag], now: datetime) -> int:
    """End the hold; returns how many tags it ended."""
    held = [t for t in tags if not t.withdrawn_at and not t.told_at and t.release_at > now]
    for each in held:
        each.release_at = now
    return len(held)
