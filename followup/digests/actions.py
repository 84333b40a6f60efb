"""Which actions the words of a digest tell: rows, so that whoever reads them hears what becomes of each."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from core.db import db
from followup.digests.models import DigestAction, DigestCorrection, HeardRight, PublishedAction
from followup.digests.round_deeds import done_in
from promises.models import Promise, Update
from surveys.models import Round
from surveys.models_responses import Response
from triage.models import Action

PLACE = re.compile(r"\{(?:due|done)_on\}")
"""Where staff left the date to the reader's language."""


def told_in(round: Round) -> dict[int, DigestAction]:
    """action → what the kept words of a digest say of it"""
    rows = db.session.scalars(select(DigestAction).where(DigestAction.round_id == round.id))
    return {row.action_id: row for row in rows}


def may_be_told(round: Round) -> list[Action]:
    """What was done about the round's comments; and what its kept words tell, though it was withdrawn since."""
    found = [d.action for d in done_in(round) if d.action.kind != "thanks"]
    gone = set(told_in(round)) - {a.id for a in found}
    return found + list(db.session.scalars(select(Action).where(Action.id.in_(gone)).order_by(Action.id)))


def stands_in(action: Action, words: Mapping[str, str]) -> bool:
    """Its public words are in these: what was said to one person alone is not."""
    if action.comment_id:
        return False
    notes = [[p for p in PLACE.split(note) if p.strip()] for note in action.public_note.values()]
    return any(all(p in said for p in parts) for said in words.values() for parts in notes if parts)


def tells_by_itself(round: Round, words: Mapping[str, str]) -> set[int]:
    """Ids of the actions that words tell where nobody ticked any: those whose own words stand there, and those that everybody may read."""
    published = select(PublishedAction.action_id).where(PublishedAction.round_id == round.id)
    return set(db.session.scalars(published)) | {a.id for a in may_be_told(round) if stands_in(a, words)}


def keep_told(round: Round, words: Mapping[str, str], tells: Collection[int] | None) -> None:
    """What these words tell, instead of what the kept ones did; `tells` as somebody ticked them.

    Words that stay as they were say of each action what they said before, also when it was done since.
    """
    before, same = told_in(round), dict(words) == round.digest
    if tells is None and same:
        return
    told = set(tells) if tells is not None else tells_by_itself(round, words)
    _replace(round, before, [a for a in may_be_told(round) if a.id in told], refresh=not same)


def _replace(
    round: Round, before: Mapping[int, DigestAction], actions: Iterable[Action], *, refresh: bool
) -> None:
    kept = {a.id: a for a in actions}
    for id, row in before.items():
        if id not in kept or (refresh and not kept[id].withdrawn_at):
            db.session.delete(row)
    db.session.flush()
    for id, action in kept.items():
        if not db.session.get(DigestAction, (round.id, id)):
            db.session.add(DigestAction(round_id=round.id, action_id=id, kind=action.kind, due_on=action.day))
    db.session.flush()


def planned_in(round: Round, ids: Collection[int] | None = None) -> list[Action]:
    """Plans that a digest tells, and that stand; `ids`: by words that are not kept yet."""
    if ids is not None:
        return [a for a in may_be_told(round) if a.id in ids and a.kind == "planned"]
    told = select(DigestAction.action_id).where(
        DigestAction.round_id == round.id, DigestAction.kind == "planned"
    )
    return list(db.session.scalars(select(Action).where(Action.id.in_(told)).order_by(Action.id)))


def heard_its_digest() -> ColumnElement[bool]:
    """This response was told "you said, we did" of its round."""
    told = select(Update.id).join(Promise, Promise.id == Update.promise_id)
    return told.where(
        Promise.response_id == Response.id, Update.kind == "ending", Update.how == "digest"
    ).exists()


def heard_planned(action_id: Any) -> ColumnElement[bool]:
    """This response was told by its digest that the action is planned; or by what puts its digest right."""
    there = exists().where(
        DigestAction.round_id == Response.round_id, DigestAction.action_id == action_id, DigestAction.kind == "planned"
    )  # fmt: skip
    since = exists().where(
        HeardRight.response_id == Response.id, HeardRight.action_id == action_id, HeardRight.kind == "planned"
    )  # fmt: skip
    return or_(and_(there, heard_its_digest()), since)


def rounds_that_plan(plan: Action) -> set[int]:
    """Ids of approved rounds whose readers heard this plan: in the words, or in what puts them right."""
    told = select(DigestAction.round_id).join(Round, Round.id == DigestAction.round_id)
    told = told.where(DigestAction.action_id == plan.id, DigestAction.kind == "planned")
    since = select(DigestCorrection.round_id).where(
        DigestCorrection.action_id == plan.id, DigestCorrection.wrong_id != plan.id
    )
    return set(db.session.scalars(told.where(Round.approved_at.is_not(None)).union(since)))


def readers_of(plan: Action) -> Select[int]:
    """Ids of the answers whose people were told by a digest that this is planned, and not yet that it is done."""
    aware = exists().where(
        HeardRight.response_id == Response.id, HeardRight.action_id == plan.id, HeardRight.kind == "done"
    )
    of_rounds = Response.round_id.in_(rounds_that_plan(plan))
    return select(Response.id).where(of_rounds, Response.erased_at.is_(None), heard_planned(plan.id), ~aware)
