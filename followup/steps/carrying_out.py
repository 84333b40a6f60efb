"""Carry out the large steps that a manager approved, and of those that wait what falls due today.

Some people at a time, so that nobody else waits long.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, insert, select
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from followup.corrections.correcting import tell_some
from followup.digests.corrections import put_digests_right, tell_digests_done
from followup.models import LargeStep, large_step_tag
from followup.steps.due_today import somebody_is_due, tell_due_today
from promises.models import Promise
from surveys.models_responses import Response
from triage.models import Action, Comment, Tag
from triage.tagging import owed

BATCH = 25
"""People in one transaction: about 100 ms."""


def carry_out_steps(now: datetime) -> int:
    """Give everyone whom an approved step reaches what it owes them, and whom another reaches today; returns how many."""
    query = select(LargeStep.id).where(
        LargeStep.decided_as.is_distinct_from("refused"), LargeStep.carried_at.is_(None)
    )
    return sum(_carry_out(step_id, now) for step_id in db.session.scalars(query.order_by(LargeStep.id)).all())


def _carry_out(step_id: int, now: datetime) -> int:
    done = 0
    while some := _once(step_id, now):
        done += some
    return done


def _once(step_id: int, now: datetime) -> int:
    step = db.session.get_one(LargeStep, step_id)
    if not step.decided_at and not somebody_is_due(step, now):
        return 0
    try:
        with writing():
            return _some(db.session.get_one(LargeStep, step_id), now)
    except IntegrityError:
        return 0  # another clock is at it


def _some(step: LargeStep, now: datetime) -> int:
    """The next few, from the rows; none are left when it was carried out."""
    if not step.decided_at:
        return tell_due_today(step, now, BATCH)
    done = 0 if step.kind == "digest" else _promised(step, now) if step.kind == "tags" else _tagged(step, now)
    step.carried_at = None if done else now
    return done


def _promised(step: LargeStep, now: datetime) -> int:
    """Whoever was told before is owed a word again, now that there is more to tell."""
    responses = db.session.scalars(_unpromised(step).limit(BATCH)).all()
    for response in responses:
        owed(response, now)
    return len(responses)


def _unpromised(step: LargeStep) -> Select[Any]:
    live = Tag.withdrawn_at.is_(None), Tag.told_at.is_(None)
    linked = select(Comment.response_id).join(Tag).join(large_step_tag, large_step_tag.c.tag_id == Tag.id)
    return select(Response).where(
        Response.id.in_(linked.where(large_step_tag.c.step_id == step.id, *live)),
        Response.declined_at.is_(None),
        Response.erased_at.is_(None),
        Response.history.is_(False),
        ~exists().where(Promise.response_id == Response.id, Promise.is_open),
    )


def _tagged(step: LargeStep, now: datetime) -> int:
    """Whoever heard the plan, or what was wrong, is tagged with what holds now."""
    if not step.action:
        return 0
    source = step.action.corrects_id if step.kind == "correction" else step.action_id
    tags = tell_some(source or 0, step.action, now, BATCH)
    if tags:
        db.session.execute(insert(large_step_tag), [{"step_id": step.id, "tag_id": t.id} for t in tags])
    else:
        _in_digests(step, step.action, now)
    return len(tags)


def _in_digests(step: LargeStep, right: Action, now: datetime) -> None:
    """Once everybody has their tag: who gave words and a score of their own then hears it in one message."""
    if step.kind == "correction":
        put_digests_right(db.session.get_one(Action, right.corrects_id), right, now)
    elif right.kind == "done" and not right.withdrawn_at:
        tell_digests_done(right, now)
