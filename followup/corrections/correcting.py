"""What was told changes: whoever heard the old word hears the new one.

Only rows are written here: a tag for each comment whose people heard it, and a row for each digest in which it
stood. Which message says so is up to followup/corrections/retelling.py and followup/digests/retelling_digests.py, which find them.
"""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import aliased

from core import audit
from core.db import db
from core.errors import Conflict
from followup.digests.actions import readers_of
from followup.digests.corrections import heard_in_a_digest, put_digests_right, tell_digests_done
from followup.digests.models import DigestAction, DigestCorrection
from followup.models import LargeStep, Told
from followup.reaching import hearers
from surveys.models import Round
from surveys.models_responses import Response
from triage.acting import finish
from triage.models import Action, Comment, Tag


def tell_done(action: Action, done_on: date, now: datetime) -> int:
    """Mark a plan as done and tell everyone who was told it is planned, also by a digest; returns how many comments."""
    finish(action, done_on, now)
    db.session.flush()
    tell_digests_done(action, now)
    return tell_again(action, action, now)


def correct(wrong: Action, right: Action, now: datetime) -> int:
    """Withdraw an action that was told; everyone who heard it hears what holds now. Returns how many comments.

    Conflict when it was corrected before: what holds now is then corrected, not what held once.
    """
    refuse_corrected(wrong)
    wrong.withdrawn_at = now
    audit.record("action.corrected", wrong, now, by_action=right.id)
    put_digests_right(wrong, right, now)
    return tell_again(wrong, right, now)


def refuse_corrected(wrong: Action) -> None:
    if wrong.withdrawn_at:
        raise Conflict(_("This was corrected already."))


def tell_again(old: Action, new: Action, now: datetime) -> int:
    """A tag for whoever heard `old` and does not know of `new`; safe to call again.

    Who was about to hear the old one hears the new one instead, when the hold that was set is over.
    """
    unaware = tell_some(old.id, new, now)
    if old is not new:
        instead(old, new, {t.comment_id for t in unaware}, now)
    db.session.flush()
    return len(unaware)


def tell_some(old_id: int, new: Action, now: datetime, most: int | None = None) -> list[Tag]:
    """The tags of the next `most` people who heard the old word and do not know of the new one; of all, unless said."""
    comments = db.session.scalars(heard(old_id, new).limit(most)).all()
    tags = [_tag(comment, new, now, now, again=True) for comment in comments]
    db.session.add_all(tags)
    db.session.flush()
    return tags


def heard(old_id: int, new: Action | None = None) -> Select[Any]:
    """Comments whose people were told an action, each once; not those who were told, or will be, that `new` holds."""
    told = select(Told.id).join(Tag, Tag.id == Told.tag_id).where(_heard(old_id, new))
    query = select(Comment).join(Response, Response.id == Comment.response_id)
    return query.where(told.exists(), Response.erased_at.is_(None)).order_by(Comment.id)


def _heard(old_id: int, new: Action | None) -> ColumnElement[bool]:
    told = (Tag.comment_id == Comment.id) & (Told.action_id == old_id)
    if not new:
        return told
    later = aliased(Tag)
    aware = select(later.id).where(
        later.comment_id == Tag.comment_id,
        later.action_id == new.id,
        later.id > Told.tag_id,
        later.withdrawn_at.is_(None),
    )
    return told & ~aware.exists() & ((Told.kind != new.kind) if old_id == new.id else (Told.id > 0))


def heard_anyhow(wrong: Action, *, done: bool = False) -> Select[int]:
    """Ids of all answers whose people hear a correction, or that a plan is `done`: they were told it, or read it in a digest."""
    told = heard(wrong.id).with_only_columns(Comment.response_id).order_by(None)
    readers = readers_of(wrong) if done else heard_in_a_digest(wrong)
    return select(Response.id).where(Response.id.in_(told) | Response.id.in_(readers))


def read_it(wrong: Action, *, done: bool = False) -> int:
    """How many people are reached only because they read it in a digest."""
    told = heard(wrong.id).with_only_columns(Comment.response_id).order_by(None)
    return (
        hearers(wrong.organisation_id, heard_anyhow(wrong, done=done)).reached
        - hearers(wrong.organisation_id, told).reached
    )


def instead(old: Action, new: Action, told: set[int], now: datetime) -> None:
    """Who was about to hear the old word hears the new one, but for those in `told`, who are told it anyway.

    A compliment goes on; a sentence that was written above other words does not.
    """
    waiting = select(Tag).where(Tag.action_id == old.id, Tag.told_at.is_(None), Tag.withdrawn_at.is_(None))
    for tag in db.session.scalars(waiting.order_by(Tag.id)).all():
        tag.withdrawn_at = now
        if tag.comment_id not in told:
            made = _tag(tag.comment, new, now, max(now, tag.release_at), again=tag.again)
            made.thanks_to_id = tag.thanks_to_id
            db.session.add(made)


def _tag(comment: Comment, action: Action, now: datetime, release_at: datetime, *, again: bool) -> Tag:
    return Tag(
        organisation_id=comment.organisation_id, comment=comment, action=action, tagged_at=now,
        release_at=release_at, again=again,
    )  # fmt: skip


def catch_up(now: datetime) -> int:
    """Whoever was told the old word while it was being corrected, in a transaction beside ours: how many comments and digests."""
    done = sum(tell_digests_done(plan, now) for plan in _done_in_digests())
    return done + sum(tell_again(old, new, now) for old, new in _replaced())


def _done_in_digests() -> list[Action]:
    """Plans that are done, and of which no reader of a digest that was approved at that moment would hear so."""
    outcome = exists().where(
        DigestCorrection.round_id == DigestAction.round_id, DigestCorrection.action_id == DigestAction.action_id,
        DigestCorrection.wrong_id == DigestAction.action_id,
    )  # fmt: skip
    told = select(DigestAction.action_id).join(Round, Round.id == DigestAction.round_id)
    told = told.where(Round.approved_at.is_not(None), DigestAction.kind == "planned", ~outcome)
    done = Action.id.in_(told), Action.kind == "done", Action.withdrawn_at.is_(None), ~_busy()
    return list(db.session.scalars(select(Action).where(*done)))


def _replaced() -> list[tuple[Action, Action]]:
    """(what was told, what holds now): plans that are done, and each action that was put right; not while a step waits or is at it."""
    busy = _busy()
    as_plans = select(Told.action_id).where(Told.kind == "planned")
    done = select(Action).where(Action.id.in_(as_plans), Action.kind == "done", Action.withdrawn_at.is_(None))
    holding = select(Action).where(Action.corrects_id.is_not(None), Action.withdrawn_at.is_(None))
    pairs = [(action, action) for action in db.session.scalars(done.where(~busy))]
    return pairs + [(old, new) for new in db.session.scalars(holding.where(~busy)) for old in _before(new)]


def _busy() -> ColumnElement[bool]:
    return exists().where(
        LargeStep.action_id == Action.id, LargeStep.kind != "tags", LargeStep.decided_as.is_distinct_from("refused"),
        LargeStep.carried_at.is_(None),
    )  # fmt: skip


def _before(action: Action) -> list[Action]:
    """What it puts right, and what that one had put right; what still holds waits for a manager's decision."""
    found: list[Action] = []
    earlier = action.corrects_id
    while earlier:
        found.append(db.session.get_one(Action, earlier))
        earlier = found[-1].corrects_id
    return [each for each in found if each.withdrawn_at]
