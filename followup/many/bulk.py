"""Many comments get one action, some at a time: it goes on after a kill, shows how far it is, and can be called back.

Until the last comment has it nobody is told, but for whom something falls due meanwhile. The hold starts then.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, case, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from core import audit
from core.db import db, writing
from core.errors import Conflict, DomainError
from core.rows import among
from followup.many.meanwhile import by_a_colleague
from followup.many.models import UNTIL_FINISHED, BulkItem, BulkWork
from followup.many.waiting import ask_first, end_if_sent_back, may_go_on
from followup.steps import approving
from followup.steps.large_steps import hold
from followup.steps.stepping import Size, not_due_today
from triage import queries
from triage.joining import with_those_joined
from triage.models import Action, Comment, Tag
from triage.tagging import tag, tag_for_manager, undo, untagged

SLICE = 25
"""Comments in a transaction: about 100 ms."""
FROM = 100
"""Fewer are tagged while whoever asks waits."""


def begin(
    ids: Sequence[int],
    action: Action,
    by_id: int | None,
    hold_for: timedelta,
    size: Size,
    now: datetime,
    *,
    may_approve: bool = False,
) -> BulkWork:
    """The work as rows; a tick does it, once a manager has read the words where that is asked for. DomainError where it cannot be done to anybody."""
    refuse_for_many(action)
    if may_approve:
        approving.approve_words(action, now)
    ids = with_those_joined(ids)
    work = BulkWork(
        organisation_id=action.organisation_id, action_id=action.id, asked_by=audit.actor(), asked_by_id=by_id, begun_at=now,
        hold_seconds=int(hold_for.total_seconds()), total=len(ids), messages=size[0], usual=size[1],
    )  # fmt: skip
    db.session.add(work)
    db.session.flush()
    if ids:
        db.session.execute(insert(BulkItem), [{"work_id": work.id, "comment_id": id} for id in ids])
    audit.record("bulk.begun", work, now, comments=len(ids), action_id=action.id)
    if shown := ask_first(work, list(ids), now):
        _had_their_turn(work, [t.comment_id for t in shown], [t.id for t in shown], now)
    return work


def refuse_for_many(action: Action) -> None:
    if action.withdrawn_at:
        raise DomainError(_("This action was withdrawn. Choose another one."))
    if action.comment_id:
        raise DomainError(
            _("This was written to one person. Choose another action, or write to each of them.")
        )


def do_bulk_work(now: datetime) -> int:
    """Give each comment its turn; returns how many had it."""
    unfinished = select(BulkWork.id).where(BulkWork.finished_at.is_(None), may_go_on()).order_by(BulkWork.id)
    return sum(_do(work_id, now) for work_id in db.session.scalars(unfinished).all())


def _do(work_id: int, now: datetime) -> int:
    done = 0
    while some := _once(work_id, now):
        done += some
    return done


def _once(work_id: int, now: datetime) -> int:
    try:
        with writing():
            return _some(_locked(work_id), now)
    except IntegrityError:
        return 0  # another clock is at it


def _locked(work_id: int) -> BulkWork:
    """Nobody calls it back between a look at it and what comes of that, nor finishes it while it is called back."""
    return db.session.get_one(BulkWork, work_id, populate_existing=True, with_for_update=True)


def _some(work: BulkWork, now: datetime) -> int:
    """The next few, from the rows; it is finished when none are left."""
    if work.finished_at or (work.waits and not work.cancelled_at):
        return 0
    end_if_sent_back(work, now)
    with audit.acting(work.asked_by):
        done = _take_back(work, now) if work.cancelled_at else _give(work, now)
        if not done:
            _finish(work, now)
        return done


def _give(work: BulkWork, now: datetime) -> int:
    waiting = select(BulkItem.comment_id).where(BulkItem.work_id == work.id, BulkItem.at.is_(None))
    ids = db.session.scalars(waiting.order_by(BulkItem.comment_id).limit(SLICE).with_for_update()).all()
    comments = db.session.scalars(
        select(Comment).where(among(Comment.id, ids)).options(*queries.WITH_TAGS)
    ).all()
    made = [] if work.action.withdrawn_at else [t.id for t in _tagged(work, comments, now)]
    _had_their_turn(work, ids, made, now)
    return len(ids)


def _had_their_turn(work: BulkWork, ids: Sequence[int], made: Iterable[int], now: datetime) -> None:
    """Each with its tag, where it got one, in one statement."""
    got = select(Tag.id).where(Tag.comment_id == BulkItem.comment_id, among(Tag.id, made)).scalar_subquery()
    those = update(BulkItem).where(BulkItem.work_id == work.id, among(BulkItem.comment_id, ids))
    db.session.execute(those.values(tag_id=got, at=now).execution_options(synchronize_session=False))


def _tagged(work: BulkWork, comments: Iterable[Comment], now: datetime) -> list[Tag]:
    """As one step, all in the moment at which it began; of a large one whoever is not due today waits for a manager.

    What a colleague answered since then is left to them, as where comments are ticked.
    """
    at = work.begun_at
    fresh = [c for c in untagged(comments, work.action) if not any(by_a_colleague(t, work) for t in c.tags)]
    later = not_due_today(fresh, now) if work.usual is not None else []
    today = [c for c in fresh if c not in later]
    made = tag(today, work.action, work.asked_by_id, now - at + UNTIL_FINISHED, at)
    return made + (tag_for_manager(later, work.action, work.asked_by_id, at) if later else [])


def _take_back(work: BulkWork, now: datetime) -> int:
    """What was told meanwhile stays told."""
    tags = db.session.scalars(
        select(Tag).where(Tag.id.in_(_given(work)), *_UNDOABLE).order_by(Tag.id).limit(SLICE)
    ).all()
    for each in tags:
        undo(each, now)
    return len(tags)


_UNDOABLE = Tag.withdrawn_at.is_(None), Tag.told_at.is_(None)


def _given(work: BulkWork) -> Select[Any]:
    return select(BulkItem.tag_id).where(BulkItem.work_id == work.id, BulkItem.tag_id.is_not(None))


def _finish(work: BulkWork, now: datetime) -> None:
    work.finished_at = now
    if work.cancelled_at:
        return
    work.release_at = now + timedelta(seconds=work.hold_seconds)
    held = update(Tag).where(Tag.id.in_(_given(work)), *_UNDOABLE, ~Tag.awaits_manager)
    sooner = case((Tag.release_at > work.release_at, work.release_at), else_=Tag.release_at)
    db.session.execute(held.values(release_at=sooner).execution_options(synchronize_session=False))
    if work.usual is not None:
        _ask_a_manager(work, now)


def _ask_a_manager(work: BulkWork, now: datetime) -> None:
    waiting = select(Tag).where(Tag.id.in_(_given(work)), *_UNDOABLE, Tag.awaits_manager)
    tags = db.session.scalars(waiting).all()
    if tags:
        step = hold("tags", work.action, work.messages, work.usual or 0, work.asked_by_id, now, tags=tags)
        db.session.flush()
        work.step_id = step.id


def cancel(work: BulkWork, now: datetime) -> None:
    """Call it back while it runs or is held. Conflict once people are being told."""
    work = _locked(work.id)
    if work.state(now) not in {"waiting", "running", "held"} or (work.step_id and not work.words_step):
        raise Conflict(
            _("It is too late to call this back: people are being told, or a manager is looking at it.")
        )
    work.cancelled_at, work.finished_at = now, None
    far = now + UNTIL_FINISHED
    held = update(Tag).where(Tag.id.in_(_given(work)), *_UNDOABLE, Tag.release_at > now)
    db.session.execute(held.values(release_at=far).execution_options(synchronize_session=False))
    audit.record("bulk.cancelled", work, now)


def progress(work: BulkWork) -> tuple[int, int]:
    """(comments that had their turn, tags that stand)"""
    had = select(func.count()).where(BulkItem.work_id == work.id, BulkItem.at.is_not(None))
    stand = select(func.count(Tag.id)).where(Tag.id.in_(_given(work)), Tag.withdrawn_at.is_(None))
    return db.session.scalar(had) or 0, db.session.scalar(stand) or 0
