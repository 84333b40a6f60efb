"""What a step will say: the exact letters of a few of the people it reaches, before it is taken."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, inspect, select

from core.db import db
from followup.corrections.correcting import heard, heard_anyhow
from followup.digests import rounds
from followup.digests.actions import readers_of
from followup.digests.corrections import heard_in_a_digest
from followup.models import LargeStep
from followup.previewing import Preview, Previews, letters_of
from followup.reaching import hearers
from followup.steps import large_steps
from followup.telling import NewDigest, NewRight, NewTags
from surveys.models import Round
from surveys.models_responses import Response
from triage.models import Action, Comment

SAMPLES = 3
SPARE = 20
"""Responses that are looked at for each letter: some of them are not reached, or are one person's."""


def samples(step: LargeStep, now: datetime) -> list[Preview]:
    """Three letters of a step that waits, as they would be written now."""
    if step.round:
        found = digest_previews(step.round, step.round.digest, now, SAMPLES)
    elif step.kind == "tags" and step.action:
        found = _of(_some(large_steps.comments_of(step)), step.action, now)
    elif step.kind == "done" and step.action:
        found = done_previews(step.action, step.done_on or now.date(), now, SAMPLES)
    elif step.action:
        wrong = db.session.get_one(Action, step.action.corrects_id)
        found = correction_previews(wrong, step.action, now, SAMPLES)
    return [*found.mails, *found.pages][:SAMPLES]


def _of(comments: list[Comment], action: Action, now: datetime, most: int = SAMPLES) -> Previews:
    mails, pages = letters_of((c.response for c in comments), NewTags(action, comments, now), most)
    return Previews(mails, pages)


def _some(ids: Select[Any], most: int = SAMPLES) -> list[Comment]:
    return list(db.session.scalars(select(Comment).where(Comment.id.in_(ids.limit(most * SPARE)))))


def digest_previews(
    round: Round, words: Mapping[str, str], now: datetime, most: int, tells: Collection[int] | None = None
) -> Previews:
    """The digest as the first of those who wait will read it, and how many it reaches; `tells` as in `rounds.write`."""
    waiting = select(Response).where(Response.id.in_(rounds.those_who_wait(round))).order_by(Response.id)
    first = db.session.scalars(waiting.limit(most * SPARE)).all()
    return Previews(*letters_of(first, NewDigest(words, now, tells), most), rounds.reached(round))


def done_previews(plan: Action, done_on: date, now: datetime, most: int) -> Previews:
    """A plan as it reads once it is done, to those who were told the plan."""
    done = _as_if_done(plan, done_on)
    return _with_readers(plan, done, readers_of(plan), heard_anyhow(plan, done=True), now, most)


def correction_previews(wrong: Action, right: Action, now: datetime, most: int) -> Previews:
    """What puts an action right, to those who heard that action; one letter of three for who read it in a digest."""
    return _with_readers(wrong, right, heard_in_a_digest(wrong), heard_anyhow(wrong), now, most)


def _with_readers(
    wrong: Action, right: Action, readers: Select[int], everybody: Select[int], now: datetime, most: int
) -> Previews:
    told = heard(wrong.id).with_only_columns(Comment.response_id).order_by(None)
    reach = hearers(right.organisation_id, everybody)
    by_digest = reach.reached - hearers(right.organisation_id, told).reached
    some = max(most // SAMPLES, 1) if by_digest else 0
    found = _again(wrong.id, right, right.organisation_id, now, most - some)
    of_digest = select(Response).where(Response.id.in_(readers), Response.id.not_in(told))
    first = db.session.scalars(of_digest.order_by(Response.id).limit(some * SPARE)).all() if some else []
    mails, pages = letters_of(first, NewRight(wrong, right, now), some)
    return Previews([*found.mails, *mails], [*found.pages, *pages], reach, by_digest)


def _again(heard_id: int, action: Action, organisation_id: int, now: datetime, most: int) -> Previews:
    told = heard(heard_id)
    reach = hearers(organisation_id, told.with_only_columns(Comment.response_id).order_by(None))
    found = _of(_some(told.with_only_columns(Comment.id), most), action, now, most)
    return Previews(found.mails, found.pages, reach)


def merger_previews(one: Action, into: Action, now: datetime) -> list[Preview]:
    """What somebody who was told the one reads, once the other puts it right."""
    found = correction_previews(one, _as_if(into, corrects_id=one.id), now, SAMPLES)
    return [*found.mails, *found.pages][:1]


def _as_if_done(plan: Action, done_on: date) -> Action:
    return _as_if(plan, kind="done", done_on=done_on)


def _as_if(action: Action, **changed: Any) -> Action:
    """Not kept: what a preview shows."""
    held = {c.key: getattr(action, c.key) for c in inspect(Action).column_attrs if c.key != "id"}
    made = Action(**{**held, **changed})
    with db.session.no_autoflush:
        made.owner, made.signed_by = action.owner, action.signed_by
    return made
