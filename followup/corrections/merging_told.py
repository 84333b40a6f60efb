"""A merger where other words were told: whoever heard them hears those that hold, as a correction."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import aliased

from core.db import db
from core.errors import Conflict
from followup.corrections.correcting import correct, heard
from followup.digests.models import DigestAction, DigestCorrection, HeardRight, PublishedAction
from followup.steps.stepping import size_of_correction
from triage import queries
from triage.models import Action, Comment
from triage.tagging import make_room

IN_DIGESTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (DigestAction, ("round_id",)),
    (PublishedAction, ("round_id",)),
    (HeardRight, ("response_id", "kind")),
    (DigestCorrection, ("round_id",)),
)
"""Rows that name an action, and what makes each of them the only one of its kind."""


def refuse_to_correct(one: Action, into: Action, now: datetime, *, may_correct: bool) -> None:
    """Conflict with why the words of `into` cannot put right what was told of `one`."""
    if not may_correct:
        raise Conflict(
            _(
                "“%(title)s” was told already: its words have to hold, or a manager puts right what was told.",
                title=one.title,
            )
        )
    if into.corrects_id:
        raise Conflict(
            _(
                "“%(title)s” puts another action right already. Correct what was told instead.",
                title=into.title,
            )
        )
    if size_of_correction(one, now)[1] is not None:
        raise Conflict(
            _(
                "“%(title)s” was told to so many people that it is put right by a correction of its own.",
                title=one.title,
            )
        )


def move_in_digests(one: Action, into: Action) -> None:
    """What stood in a digest stands there in the same words; whoever heard that the one is done heard it of the other."""
    for table, keys in IN_DIGESTS:
        there, mine = aliased(table), table.action_id == one.id
        same = exists().where(
            there.action_id == into.id, *(getattr(there, key) == getattr(table, key) for key in keys)
        )
        db.session.execute(update(table).where(mine, ~same).values(action_id=into.id))
        db.session.execute(delete(table).where(mine))
    outcomes = DigestCorrection.action_id == into.id, DigestCorrection.wrong_id == one.id
    db.session.execute(update(DigestCorrection).where(*outcomes).values(wrong_id=into.id))


def put_right(one: Action, into: Action, now: datetime) -> int:
    """`into` puts `one` right from now on; returns how many comments hear it."""
    into.corrects_id = one.id
    db.session.flush()
    unaware = heard(one.id, into).with_only_columns(Comment.id).order_by(None)
    comments = db.session.scalars(
        select(Comment).where(Comment.id.in_(unaware)).options(*queries.WITH_TAGS)
    ).all()
    make_room(comments, into, now)
    return correct(one, into, now)
