"""A step that reaches many people waits for a manager: three times the messages of a usual day, and at least 200.

What falls due today never waits, nor does a receipt. A step that waits is a row; its tags are held until the
morning of the day that each respondent was promised. Approved, it is carried out by a tick, some people at a time.
"""

from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, exists, insert, or_, select, update

from core import audit
from core.db import Rows, db
from core.errors import Conflict, DomainError
from core.models import Organisation
from core.text import as_typed
from followup.alerts.models import StaffAlert
from followup.corrections.correcting import instead
from followup.digests import rounds
from followup.many.models import UNTIL_FINISHED, BulkWork
from followup.models import LargeStep, large_step_tag
from followup.steps.approving import approve_words, refuse_words
from followup.steps.asking_managers import ask_managers
from outbox.queries import usual_day
from surveys.models import Round
from triage import following
from triage.acting import finish
from triage.models import Action, Comment, Tag

FLOOR, TIMES = 200, 3
REASON = 1000


def usual_if_large(organisation_id: int, messages: int, now: datetime) -> int | None:
    """Messages of a usual day when so many are too many to go unseen; None when they are not."""
    if messages < FLOOR:
        return None
    timezone = db.session.get_one(Organisation, organisation_id).timezone
    usual = usual_day(organisation_id, timezone, now)
    return usual if messages > TIMES * usual else None


def hold(
    kind: str, subject: Action | Round, messages: int, usual: int | None, by_id: int | None, now: datetime,
    *, tags: Iterable[Tag] = (), done_on: date | None = None,
) -> LargeStep:  # fmt: skip
    """The step as a row that waits; without a usual day it is words that wait. Conflict when the same waits already."""
    of_round = subject.id if isinstance(subject, Round) else None
    of_action = subject.id if isinstance(subject, Action) else None
    if kind != "tags" and db.session.scalar(_same(of_round, of_action)):
        raise Conflict(_("This waits for a manager already."))
    step = LargeStep(
        organisation_id=subject.organisation_id, kind=kind, action_id=of_action, round_id=of_round, done_on=done_on,
        because="words" if usual is None else "size", messages=messages, usual=usual or 0, asked_by=audit.actor(), asked_by_id=by_id, asked_at=now,
    )  # fmt: skip
    db.session.add(step)
    audit.record("step.asked", step, now, kind=kind, messages=messages)
    _link(step, [t.id for t in tags])
    db.session.flush()
    if usual is not None:
        ask_managers(step, now)
    return step


def _same(round_id: int | None, action_id: int | None) -> Rows:
    same = LargeStep.round_id == round_id if round_id else LargeStep.action_id == action_id
    return select(LargeStep.id).where(same, LargeStep.kind != "tags", LargeStep.decided_at.is_(None))


def _link(step: LargeStep, tag_ids: list[int]) -> None:
    if tag_ids:
        db.session.execute(
            insert(large_step_tag), [{"step_id": step.id, "tag_id": tag_id} for tag_id in tag_ids]
        )


def approve(step: LargeStep, now: datetime, by_id: int | None = None) -> None:
    """A manager has seen how many and what they will read: it goes on. Conflict when it was decided before."""
    _decide(step, "approved", now)
    if step.round:
        rounds.approve(step.round, step.round.digest, by_id, now)
    elif step.kind == "tags" and step.action:
        approve_words(step.action, now)
        db.session.execute(
            update(Tag).where(linked(step)).values(awaits_manager=False, release_at=_release(step, now))
        )
    elif step.kind == "done" and step.action and step.action.kind == "planned":
        finish(step.action, step.done_on or now.date(), now)
    elif step.kind == "correction" and step.action:
        wrong = _wrong(step.action)
        wrong.withdrawn_at = now
        instead(wrong, step.action, set(), now)


def _release(step: LargeStep, now: datetime) -> datetime:
    """At once; of work on many comments when the last of them has it."""
    goes_on = select(BulkWork.id).where(BulkWork.step_id == step.id, BulkWork.finished_at.is_(None))
    return now + UNTIL_FINISHED if db.session.scalar(goes_on) else now


def refuse(step: LargeStep, reason: str, now: datetime) -> None:
    """Nobody hears of it, and whoever asked reads why; what fell due meanwhile was told, and stays told."""
    if not reason.strip():
        raise DomainError(_("Say why not: whoever asked reads it."))
    _decide(step, "refused", now, as_typed(reason, REASON).strip())
    _take_back(step, now)
    if step.kind == "correction" and step.action:
        step.action.withdrawn_at = now
    elif step.kind == "done" and step.action:
        step.action.kind, step.action.done_on = "planned", None
    elif step.because == "words" and step.action:
        refuse_words(step.action, now)


def _decide(step: LargeStep, decided_as: str, now: datetime, reason: str = "") -> None:
    if step.decided_at:
        raise Conflict(_("This was decided already."))
    step.decided_at, step.decided_as, step.decided_by, step.reason = now, decided_as, audit.actor(), reason
    audit.record(f"step.{decided_as}", step, now)
    if step.because == "words":
        _heard_of(step)


def _heard_of(step: LargeStep) -> None:
    """Whoever was alerted of it is alerted again, when what was sent back comes once more."""
    about = select(Comment.response_id).join(Tag).join(large_step_tag, large_step_tag.c.tag_id == Tag.id)
    those = StaffAlert.response_id.in_(about.where(large_step_tag.c.step_id == step.id))
    db.session.execute(delete(StaffAlert).where(StaffAlert.kind == "approval", those))


def _take_back(step: LargeStep, now: datetime) -> None:
    """Their comments need a person again, and the history of each says why."""
    comments = db.session.scalars(select(Tag.comment_id).where(linked(step))).all()
    db.session.execute(update(Tag).where(linked(step)).values(awaits_manager=False, withdrawn_at=now))
    following.later(comments)
    audit.record_many("comment.refused", step.organisation_id, "comment", comments, now, reason=step.reason)


def linked(step: LargeStep) -> ColumnElement[bool]:
    """Its tags that nobody was told of yet."""
    ids = select(large_step_tag.c.tag_id).where(large_step_tag.c.step_id == step.id)
    return Tag.id.in_(ids) & Tag.withdrawn_at.is_(None) & Tag.told_at.is_(None)


def _wrong(right: Action) -> Action:
    return db.session.get_one(Action, right.corrects_id)


def waiting() -> ColumnElement[bool]:
    """Steps that a manager still has to look at; not those whose every tag was undone, or told since it fell due, but for work that waits."""
    held = exists().where(
        large_step_tag.c.step_id == LargeStep.id,
        Tag.id == large_step_tag.c.tag_id,
        Tag.withdrawn_at.is_(None),
        Tag.told_at.is_(None),
    )
    of_work = exists().where(
        BulkWork.step_id == LargeStep.id, BulkWork.finished_at.is_(None), BulkWork.cancelled_at.is_(None)
    )
    return LargeStep.decided_at.is_(None) & or_(LargeStep.kind != "tags", held, of_work)


def comments_of(step: LargeStep) -> Rows:
    """Ids of the comments that it is about, oldest first."""
    linked = select(Tag.comment_id).join(large_step_tag, large_step_tag.c.tag_id == Tag.id)
    of_step = linked.where(large_step_tag.c.step_id == step.id, Tag.withdrawn_at.is_(None))
    return select(Comment.id).where(Comment.id.in_(of_step)).order_by(Comment.id)
