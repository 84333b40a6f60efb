"""What stands on the desk as one, as staff see it: each with its way, its words, and how it was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import db
from promises.models import Promise, Update
from promises.standing import Standing, standing_sql
from surveys.models import Survey
from surveys.models_responses import Response
from surveys.on_the_phone import typed_by
from triage.joining import joinings_of, members
from triage.models import Comment
from triage.models_joining import Joining


@dataclass(frozen=True, slots=True)
class Member:
    """`joining` by which it stands there; None for the one that stands for all."""

    comment: Comment
    stands: Standing | None
    typed_by: str
    joining: Joining | None


@dataclass(frozen=True, slots=True)
class With:
    """Another answer that was told by the same message, about the same."""

    response_id: int
    survey: dict[str, str]
    submitted_on: date


def stands_for(comment: Comment) -> list[Member]:
    """All of them, the first said first; nothing for what was said once."""
    if not comment.complaint_id:
        return []
    those = members(comment)
    how = {j.comment_id: j for j in joinings_of(comment)}
    ids = [c.response_id for c in those]
    rows = db.session.execute(standing_sql().where(Response.id.in_(ids)))
    stands = {row.response_id: Standing(row.state, row.why) for row in rows}
    return [Member(c, stands.get(c.response_id), typed_by(c.response), how.get(c.id)) for c in those]


def told_with(response_ids: Sequence[int], timezone: str) -> dict[int, list[With]]:
    """response → others that were told by its message, about what it says as well: one question for a whole page."""
    if not response_ids:
        return {}
    mine, theirs = aliased(Comment), aliased(Comment)
    query = (
        select(mine.response_id, Response.id, Survey.title, Response.submitted_at)
        .join(theirs, (theirs.complaint_id == mine.complaint_id) & (theirs.response_id != mine.response_id))
        .join(Response, Response.id == theirs.response_id)
        .join(Survey, Survey.id == Response.survey_id)
        .where(mine.response_id.in_(response_ids), mine.complaint_id.is_not(None))
        .where(_one_message(mine.response_id, theirs.response_id))
        .order_by(Response.id)
    )
    once = {
        (row.response_id, row.id): row for row in db.session.execute(query)
    }  # PostgreSQL compares no JSON
    found: dict[int, list[With]] = {}
    for (response_id, other_id), row in once.items():
        said_on = clock.local_date(row.submitted_at, timezone)
        found.setdefault(response_id, []).append(With(other_id, row.title, said_on))
    return found


def _one_message(one: Any, other: Any) -> ColumnElement[bool]:
    """An ending of each rides in it."""
    told, owed, told_too, owed_too = aliased(Update), aliased(Promise), aliased(Update), aliased(Promise)
    return (
        select(told.id)
        .join(owed, owed.id == told.promise_id)
        .join(told_too, (told_too.message_id == told.message_id) & (told_too.kind == "ending"))
        .join(owed_too, owed_too.id == told_too.promise_id)
        .where(owed.response_id == one, owed_too.response_id == other, told.kind == "ending")
        .exists()
    )
