"""What falls due today never waits for a manager: whom a step reaches today hears what holds, whatever is decided later.

The tags of a step are held until the morning of the promised day, and a promise may come to fall due sooner. A plan
that is done, and a correction, are told today to those who heard the old word and are promised one by tonight.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, insert, select

from core import clock
from core.db import db
from core.models import Organisation
from followup.corrections.correcting import heard
from followup.digests.actions import heard_its_digest, readers_of
from followup.digests.corrections import digests_to_come, put_digests_right, tell_digests_done
from followup.models import LargeStep, large_step_tag
from followup.steps.large_steps import approve, linked
from promises.models import Promise
from surveys.models_responses import Response
from triage.acting import finish
from triage.models import Action, Comment, Tag


def owed_by(moment: datetime) -> ColumnElement[bool]:
    """Of a comment: its people are owed a word by then."""
    return exists().where(
        Promise.response_id == Comment.response_id, Promise.is_open, Promise.due_at <= moment
    )


def due_readers(plan: Action, now: datetime) -> Select[int]:
    """Ids of the answers whose people read in a digest that this is done by today, and wait for it."""
    timezone = db.session.get_one(Organisation, plan.organisation_id).timezone
    waits = exists().where(
        Promise.response_id == Response.id, Promise.is_open, Promise.kind == "outcome",
        Promise.due_at <= clock.tonight(now, timezone),
    )  # fmt: skip
    by_today = plan.day is not None and plan.day <= clock.local_date(now, timezone)
    return readers_of(plan).where(waits if by_today else false())


def somebody_is_due(step: LargeStep, now: datetime) -> bool:
    """Asked every other second, so before anything is locked."""
    by_tag = any(db.session.scalar(those.limit(1)) for those in _those(step, _today(step, now)))
    return by_tag or _reads_it_today(step, now)


def _reads_it_today(step: LargeStep, now: datetime) -> bool:
    """A plan has one day, so that all who read it in a digest fall due together."""
    old = _old(step)
    if not old or not step.action or not digests_to_come(old, step.action):
        return False
    return db.session.scalar(due_readers(old, now).limit(1)) is not None


def _old(step: LargeStep) -> Action | None:
    """The action that was told, of which a step says that it is done, or that it was wrong."""
    if not step.action or step.kind == "tags":
        return None
    return step.action if step.kind == "done" else db.session.get_one(Action, step.action.corrects_id)


def tell_due_today(step: LargeStep, now: datetime, most: int) -> int:
    """Let go of the next `most` of those who fall due today while the step waits; returns how many."""
    if not step.action or not somebody_is_due(step, now):
        return 0
    if step.kind == "tags":
        return _release(_those(step, _today(step, now))[0].limit(most), now)
    if step.kind == "done" and step.action.kind == "planned":
        _finish(step.action, step, now)
    return _tell_readers(step, step.action, now) + _tell_again(step, step.action, now, most)


def _tell_readers(step: LargeStep, action: Action, now: datetime) -> int:
    """A row for each digest; followup/digests/retelling_digests.py tells its readers."""
    old = _old(step)
    if not old or not _reads_it_today(step, now):
        return 0
    return tell_digests_done(action, now) if old is action else put_digests_right(old, action, now)


def _finish(plan: Action, step: LargeStep, now: datetime) -> None:
    """It is done from the moment at which the first of its people must hear so."""
    finish(plan, step.done_on or now.date(), now)
    db.session.flush()


def _today(step: LargeStep, now: datetime) -> ColumnElement[bool]:
    timezone = db.session.get_one(Organisation, step.organisation_id).timezone
    return owed_by(clock.tonight(now, timezone))


def _those(step: LargeStep, *which: ColumnElement[bool]) -> list[Select[Any]]:
    """Of a step: its tags that are held; or comments whose people heard what does not hold, and tags of who is about to."""
    if not step.action or step.because == "words":
        return []
    if step.kind == "tags":
        return [select(Tag).join(Comment).where(linked(step), Tag.awaits_manager, *which).order_by(Tag.id)]
    if step.kind == "done":
        new = step.action if step.action.kind == "done" else None
        return [heard(step.action.id, new).where(*which)]
    old = Tag.action_id == step.action.corrects_id, Tag.told_at.is_(None), Tag.withdrawn_at.is_(None)
    about_to = select(Tag).join(Comment).where(*old, *which).order_by(Tag.id)
    return [heard(step.action.corrects_id or 0, step.action).where(*which), about_to]


def _release(held: Select[Any], now: datetime) -> int:
    tags = db.session.scalars(held).all()
    for tag in tags:
        tag.release_at, tag.awaits_manager = max(now, tag.tagged_at), False
    return len(tags)


def _tell_again(step: LargeStep, action: Action, now: datetime, most: int) -> int:
    """Where nobody is left to hear it, there is nothing left to decide."""
    those, *about_to = _those(step, _today(step, now))
    made = _hear(action, those.limit(most), now)
    for waiting in about_to:
        made += _hear_instead(action, waiting.limit(most), made, now)
    if made:
        db.session.execute(insert(large_step_tag), [{"step_id": step.id, "tag_id": t.id} for t in made])
    if not any(db.session.scalar(left.limit(1)) for left in _those(step)) and not _somebody_reads(
        step, action
    ):
        approve(step, now)
    return len(made)


def _somebody_reads(step: LargeStep, action: Action) -> bool:
    """Readers of a digest are left for whom a manager decides."""
    old = _old(step)
    rounds = digests_to_come(old, action) if old else set()
    readers = select(Response.id).where(Response.round_id.in_(rounds), heard_its_digest())
    return db.session.scalar(readers.limit(1)) is not None


def _hear(action: Action, comments: Select[Any], now: datetime) -> list[Tag]:
    return _kept([_tag(c, action, now, now, again=True) for c in db.session.scalars(comments).all()])


def _hear_instead(action: Action, waiting: Select[Any], told: list[Tag], now: datetime) -> list[Tag]:
    """Who was about to hear the old word hears of no mistake."""
    known, made = {t.comment_id for t in told}, []
    for tag in db.session.scalars(waiting).all():
        tag.withdrawn_at = now
        if tag.comment_id not in known:
            made.append(_tag(tag.comment, action, now, max(now, tag.release_at), again=tag.again))
    return _kept(made)


def _tag(comment: Comment, action: Action, now: datetime, release_at: datetime, *, again: bool) -> Tag:
    return Tag(
        organisation_id=comment.organisation_id, comment=comment, action=action, tagged_at=now, release_at=release_at, again=again
    )  # fmt: skip


def _kept(tags: list[Tag]) -> list[Tag]:
    db.session.add_all(tags)
    db.session.flush()
    return tags
