"""Two actions that say the same become one: what the one was about, and who was told of it, belongs to the other.

What was told in the same words is not told again. Whoever heard other words hears the ones that hold as a correction
(`followup/corrections/correcting.py`), which is a manager's to decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import selectinload

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from followup.corrections.correcting import heard, read_it
from followup.corrections.merging_told import move_in_digests, put_right, refuse_to_correct
from followup.digests.corrections import said_in_digests
from followup.many.models import BulkWork
from followup.models import CheckBack, LargeStep, Told
from followup.steps.approving import approve_words, unread_among
from followup.steps.large_steps import waiting
from triage import wording
from triage.models import Action, Comment, Tag
from triage.tagging import make_room, undo


@dataclass(frozen=True, slots=True)
class Merger:
    """What comes of it, in comments: those that move and hear it, those that have both and keep one, those that were told.

    `corrected` were told other words, and hear the ones that hold; so do those people `by_digest` who read them there.
    """

    moved: int
    both: int
    told: int = 0
    corrected: int = 0
    by_digest: int = 0


def merge_actions(one: Action, into: Action, now: datetime, *, may_correct: bool = False) -> Merger:
    """`one` ends, and what it was about is about `into`. Conflict when either ended meanwhile, or other words were told and it is not a manager who asks."""
    found = _untold(one, lock=True)
    refuse_merger(one, into, now, may_correct=may_correct)
    outcome = what_comes_of(one, into, now, may_correct=may_correct)
    if may_correct:
        approve_words(into, now)
    both = {t.id for t in found if _has(t.comment, into)}
    moving = [t for t in found if t.id not in both]
    for tag in found:
        if tag.id in both:
            undo(tag, now)
    make_room([t.comment for t in moving], into, now)
    for tag in moving:
        tag.action = into
    if told_otherwise(one, into):
        put_right(one, into, now)
    else:
        _move_told(one, into)
        one.withdrawn_at = now
    _record(one, into, len(moving), now)
    return outcome


def _record(one: Action, into: Action, comments: int, now: datetime) -> None:
    said = {"title": one.title, "other": into.title, "comments": comments}
    audit.record("action.merged", one, now, action_id=into.id, **said)
    audit.record("action.took_in", into, now, action_id=one.id, **said)


def _move_told(one: Action, into: Action) -> None:
    """Who was told the one was told the other, in the same words: whatever hangs on that goes along."""
    db.session.flush()
    db.session.execute(
        update(Tag).where(Tag.action_id == one.id, Tag.told_at.is_not(None)).values(action_id=into.id)
    )
    db.session.execute(update(Told).where(Told.action_id == one.id).values(action_id=into.id))
    asked = select(CheckBack.response_id).where(CheckBack.action_id == into.id)
    of_one = update(CheckBack).where(
        CheckBack.action_id == one.id, CheckBack.response_id.not_in(asked.scalar_subquery())
    )
    db.session.execute(of_one.values(action_id=into.id))
    move_in_digests(one, into)
    db.session.expire_all()


def _told(action: Action) -> int:
    of_it = select(func.count(Tag.comment_id.distinct())).where(
        Tag.action_id == action.id, Tag.told_at.is_not(None)
    )
    return db.session.scalar(of_it) or 0


def what_comes_of(one: Action, into: Action, now: datetime, *, may_correct: bool = False) -> Merger:
    """The same, beforehand."""
    refuse_merger(one, into, now, may_correct=may_correct)
    found = _untold(one)
    both = sum(_has(t.comment, into) for t in found)
    moved = len(found) - both
    if not told_otherwise(one, into):
        return Merger(moved, both, _told(one))
    hear = select(func.count()).select_from(heard(one.id, into).order_by(None).subquery())
    return Merger(moved, both, corrected=db.session.scalar(hear) or 0, by_digest=read_it(one))


def refuse_merger(one: Action, into: Action, now: datetime, *, may_correct: bool) -> None:
    """DomainError with why the one cannot become part of the other."""
    if one.id == into.id:
        raise DomainError(_("An action cannot be merged with itself. Choose another one."))
    for action in (one, into):
        _refuse_ended(action)
    if one.corrects_id:
        raise Conflict(_("“%(title)s” puts another action right: its words have to hold.", title=one.title))
    if told_otherwise(one, into):
        refuse_to_correct(one, into, now, may_correct=may_correct)
    if not may_correct and unread_among([t.comment_id for t in _untold(one)], into):
        raise Conflict(
            _("No manager has read the words of “%(title)s” yet. Ask one to merge them.", title=into.title)
        )


def _refuse_ended(action: Action) -> None:
    """Neither what is for one person, nor what ended or is about to."""
    if action.comment_id:
        raise DomainError(_("“%(title)s” was written to one person: it stays as it is.", title=action.title))
    if action.withdrawn_at:
        raise Conflict(
            _("“%(title)s” was withdrawn, or merged into another action, meanwhile.", title=action.title)
        )
    if _waits(action):
        raise Conflict(
            _(
                "A step about “%(title)s” waits for a manager or is being carried out. Try again after that.",
                title=action.title,
            )
        )


def told_otherwise(one: Action, into: Action) -> bool:
    """Somebody was told the one, and would read something else now."""
    return was_told(one) and _as_read(one) != _as_read(into)


def was_told(action: Action) -> bool:
    """To somebody, or to everybody in a digest."""
    told = exists().where(Tag.action_id == action.id, Tag.told_at.is_not(None))
    return bool(db.session.scalar(select(told))) or bool(said_in_digests(action))


def _as_read(action: Action) -> tuple[Any, ...]:
    """What respondents read of it; of a plan also by whom and when, which it is measured by."""
    notes = {
        language: wording.dated(words, action, language) for language, words in action.public_note.items()
    }
    return (
        action.kind,
        notes,
        action.reason,
        (action.day, action.owner_id) if action.kind == "planned" else (),
    )


def _waits(action: Action) -> bool:
    """A step about it waits for a manager or is being carried out, also one that puts it right."""
    right = select(Action.id).where(Action.corrects_id == action.id)
    about = or_(LargeStep.action_id == action.id, LargeStep.action_id.in_(right.scalar_subquery()))
    at_it = (LargeStep.decided_as == "approved") & LargeStep.carried_at.is_(None)
    many = exists().where(BulkWork.action_id == action.id, BulkWork.finished_at.is_(None))
    return bool(db.session.scalar(select(or_(exists().where(about, or_(waiting(), at_it)), many))))


def _untold(action: Action, *, lock: bool = False) -> Sequence[Tag]:
    """Read anew and locked where they are about to move: a clock may be telling them."""
    query = select(Tag).where(Tag.action_id == action.id, *_live()).order_by(Tag.id)
    query = query.options(selectinload(Tag.comment).selectinload(Comment.tags))
    query = query.with_for_update(of=Tag) if lock else query
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _live() -> tuple[ColumnElement[bool], ...]:
    return Tag.told_at.is_(None), Tag.withdrawn_at.is_(None)


def _has(comment: Comment, action: Action) -> bool:
    return any(t.action_id == action.id for t in comment.live_tags)
