"""Tag comments with the action taken. A tag is held for a while, so that it can be undone, and then released."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from core import audit, clock
from core.db import db
from core.errors import Conflict, DomainError
from promises.ending import end
from promises.models import Promise
from promises.opening import due, open_promise
from surveys.models_responses import Response
from triage.commenting import comments_of
from triage.models import Action, Comment, Tag

OPENED_BY_A_TAG = ("more", "correction")
""" `because` of a promise to somebody who was told before and hears more: without the tag there is nothing to say."""


def tag(
    comments: Iterable[Comment], action: Action, by_id: int | None, hold: timedelta, now: datetime
) -> list[Tag]:
    """One tag a comment, unless it has that one already; the hold never runs past the promised date."""
    lacking = untagged(comments, action)
    make_room(lacking, action, now)
    return _kept([_tag(c, action, by_id, hold, now) for c in lacking], action, now)


def untagged(comments: Iterable[Comment], action: Action) -> list[Comment]:
    """Those that do not have this action yet; DomainError for one that nobody may be told any more."""
    if action.withdrawn_at:
        raise DomainError(_("This action was withdrawn. Choose another one."))
    comments = list(comments)
    if action.comment_id and any(not _is_about(action.comment_id, c) for c in comments):
        raise DomainError(
            _("This was written to one person. Choose another action, or write to each of them.")
        )
    return list(dict.fromkeys(c for c in comments if not _has(c, action)))


def _is_about(comment_id: int, comment: Comment) -> bool:
    """It is that comment, or stands on the desk as one with it."""
    if comment.id == comment_id or not comment.complaint_id:
        return comment.id == comment_id
    return db.session.get_one(Comment, comment_id).complaint_id == comment.complaint_id


def _has(comment: Comment, action: Action) -> bool:
    return any(t.action_id == action.id for t in comment.live_tags)


def make_room(comments: Iterable[Comment], action: Action, now: datetime) -> None:
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
    return _made(comment, action, by_id, max(release, now), now)


def tag_for_manager(
    comments: Iterable[Comment],
    action: Action,
    by_id: int | None,
    now: datetime,
    until: datetime | None = None,
) -> list[Tag]:
    """Tags that only a manager releases before the morning of the promised day, or `until` then; no promise is opened for them yet."""
    comments = list(comments)
    make_room(comments, action, now)
    falls_due = due_dates((c.response for c in comments), now)
    made = []
    for comment in comments:
        timezone = comment.response.survey.organisation.timezone
        morning = clock.at(clock.local_date(falls_due[comment.response_id], timezone), time.min, timezone)
        made.append(_made(comment, action, by_id, until or max(morning, now), now))
        made[-1].awaits_manager = True
    return _kept(made, action, now)


def due_dates(responses: Iterable[Response], now: datetime) -> dict[int, datetime]:
    """response → when its open promise falls due; without one, when the promise would that a tag opens."""
    found = {r.id: r for r in responses}
    held: dict[int, datetime] = {}
    for some in _hundreds(list(found)):
        query = select(Promise.response_id, Promise.due_at).where(Promise.is_open)
        held.update(dict(db.session.execute(query.where(Promise.response_id.in_(some))).all()))
    return {id: held.get(id) or due(r.survey, now)[0] for id, r in found.items()}


def _hundreds(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + 500] for start in range(0, len(ids), 500))


def _made(comment: Comment, action: Action, by_id: int | None, release_at: datetime, now: datetime) -> Tag:
    made = Tag(
        organisation_id=comment.organisation_id,
        comment=comment,
        action=action,
        tagged_by_id=by_id,
        tagged_at=now,
        release_at=release_at,
    )
    db.session.add(made)
    return made


def _kept(made: list[Tag], action: Action, now: datetime) -> list[Tag]:
    """Written in one go: one step may tag thousands."""
    db.session.flush()
    ids = [t.comment_id for t in made]
    audit.record_many("comment.tagged", action.organisation_id, "comment", ids, now, action_id=action.id)
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
    _cancel_what_it_opened(held.comment.response, now)


def _cancel_what_it_opened(response: Response, now: datetime) -> None:
    """A promise made because of a tag, of which nobody heard, ends without a word when nothing is left to tell."""
    promise = open_promise_of(response)
    if not promise or promise.because not in OPENED_BY_A_TAG or promise.updates:
        return
    comments = comments_of(response)
    untold = any(t.told_at is None and t.withdrawn_at is None for c in comments for t in c.tags)
    asked = any(c.reopened_at and c.reopened_at >= promise.opened_at for c in comments)
    if not untold and not asked:
        end(promise, "cancelled", now)


def send_now(tags: Iterable[Tag], now: datetime) -> int:
    """End the hold; returns how many tags it ended. Conflict for what a manager must see first.

    A clock that was set back does not release before the tagging.
    """
    held = [t for t in tags if not t.withdrawn_at and not t.told_at and t.release_at > now]
    if any(t.awaits_manager for t in held):
        raise Conflict(_("A manager looks at this first: nobody is told before."))
    for each in held:
        each.release_at = max(now, each.tagged_at)
    return len(held)
