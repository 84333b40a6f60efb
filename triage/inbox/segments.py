"""The parts of the inbox, one after the other, each with an order of its own that an index holds.

What went to a manager; what is due by the next working day, one's own first; what is owed later; what waits without
a date; what is held; what is settled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, func, literal, or_, select, true

from accounts.presence import ABSENT
from accounts.presence import absent as absent_from
from core.db import Rows, db
from core.rows import among
from promises.models import Promise
from promises.queries import falls_to, followed_by
from surveys.models import Survey
from surveys.models_responses import Response
from triage.inbox.finding import Matches, condition
from triage.models import Comment, CommentIndex
from triage.states import in_state

SEGMENTS = {
    "escalated": "open", "mine": "open", "owed": "open", "unowed": "open", "held": "held", "settled": "settled",
}  # fmt: skip
"""segment → the state of the comments in it"""
DATED = ("mine", "owed")
FEW = 500
"""Up to here one's own are fetched by number; of more, one is met soon enough in a list."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose inbox it is: what is theirs and due before `soon` comes first."""

    organisation_id: int
    staff_id: int | None
    soon: datetime


class Segments:
    """The queries of one page: (id, when it is due, rank) of each comment."""

    def __init__(self, desk: Desk, matches: Matches, now: datetime) -> None:
        self.desk, self.matches, self.now = desk, matches, now
        self.values = {
            "organisation_id": desk.organisation_id, "staff_id": desk.staff_id, "soon": desk.soon, "now": now,
        }  # fmt: skip
        """To be given to the queries."""

    def query(self, name: str) -> Rows | None:
        """In order; None where nothing can match."""
        matches = self._matching_open if SEGMENTS[name] == "open" else self._matching_done
        if matches is None or (name == "mine" and not self.desk.staff_id):
            return None
        query = select(
            CommentIndex.comment_id,
            CommentIndex.due_at if name in DATED else literal(None),
            CommentIndex.rank,
        )
        query = query.join(Comment, Comment.id == CommentIndex.comment_id).where(matches)
        query = query.where(CommentIndex.organisation_id == self.desk.organisation_id, *self._parts[name]())
        return (
            query.order_by(*_DUE_FIRST) if name in DATED else query.order_by(CommentIndex.comment_id.desc())
        )

    @cached_property
    def _parts(self) -> dict[str, Callable[[], list[Any]]]:
        here = Comment.escalated_at.is_(None)
        return {
            "escalated": lambda: [CommentIndex.is_open, Comment.escalated_at.is_not(None), Comment.organisation_id == self.desk.organisation_id],
            "mine": lambda: [CommentIndex.is_open, CommentIndex.due_at < self.desk.soon, here, self._mine],
            "owed": lambda: [CommentIndex.is_open, CommentIndex.due_at.is_not(None), here, ~self._mine],
            "unowed": lambda: [CommentIndex.is_open, CommentIndex.due_at.is_(None), here],
            "held": lambda: [~CommentIndex.is_open, _in("held")],
            "settled": lambda: [~CommentIndex.is_open, _in("settled")],
        }  # fmt: skip

    @cached_property
    def _matching_done(self) -> ColumnElement[bool] | None:
        return self._condition(self.matches.done.few) if not self.matches.what.everything else true()

    @cached_property
    def _matching_open(self) -> ColumnElement[bool] | None:
        return self._condition(self.matches.open.few) if not self.matches.what.everything else true()

    def _condition(self, ids: list[int] | None) -> ColumnElement[bool] | None:
        return None if ids == [] else condition(self.matches.what, ids)

    @cached_property
    def _mine(self) -> ColumnElement[bool]:
        """It was given to them; or they are named in the promise, and it was given to nobody."""
        if not self.desk.staff_id:
            return false()
        if not self.matches.what.everything and self.matches.open.few is not None:
            return _theirs()
        ids = _numbers_of(self.desk, self.desk.staff_id, self.now)
        return among(Comment.id, ids) if len(ids) <= FEW else _theirs()


_DUE_FIRST = CommentIndex.due_at, CommentIndex.rank, CommentIndex.comment_id


def _numbers_of(desk: Desk, staff_id: int, now: datetime) -> list[int]:
    """Those that name them, then those that were given to them or whose colleague is not here; more than FEW says that there are more.

    Most are named in what they promised; who was given what is looked for in all that falls due.
    """
    whose = {"organisation_id": desk.organisation_id, "staff_id": staff_id, "soon": desk.soon, "now": now}
    here, most = db.session.connection(), FEW + 1
    ids = list(here.scalars(_NAMED, {**whose, "most": most}).all())
    if len(ids) < most:
        ids += here.scalars(_GIVEN, {**whose, "most": most - len(ids)}).all()
        if absent := absent_from(desk.organisation_id, now):
            theirs = _due_soon().where(Comment.assignee_id.in_(absent), _follows(staff_id))
            ids += here.scalars(theirs.limit(most), whose).all()
    return ids


@cache
def _in(state: str) -> ColumnElement[bool]:
    """Put together once: that costs more than what it asks."""
    now: Any = bindparam("now")
    return in_state(state, now)


@cache
def _theirs() -> ColumnElement[bool]:
    """It falls due soon and was given to them, or nobody else follows up; never unknown, for the others' is what is not theirs.

    Put together once: that costs more than what it asks.
    """
    staff_id: Any = bindparam("staff_id")
    now: Any = bindparam("now")
    owed = select(Promise.id).where(Promise.response_id == Comment.response_id, Promise.is_open)
    whose = func.coalesce(Comment.assignee_id, 0)
    given, left = whose == staff_id, and_(whose.in_(ABSENT), _follows(staff_id))
    named = owed.where(_named(staff_id, now)).exists()
    return and_(CommentIndex.due_at < bindparam("soon"), or_(given, left, named))


def _follows(staff_id: Any) -> ColumnElement[bool]:
    """They sign the survey it came by, or are the deputy there."""
    mine = or_(Survey.signer_id == staff_id, Survey.deputy_id == staff_id)
    return Comment.response.has(Response.survey.has(mine))


def _named(staff_id: Any, now: Any) -> ColumnElement[bool]:
    return and_(Comment.assignee_id.is_(None), falls_to(staff_id, now))


def _due_soon() -> Rows:
    soon = CommentIndex.is_open, CommentIndex.due_at < bindparam("soon")
    listed = select(Comment.id).join(CommentIndex, CommentIndex.comment_id == Comment.id)
    return listed.where(CommentIndex.organisation_id == bindparam("organisation_id"), *soon)


def _named_soon() -> Rows:
    staff_id: Any = bindparam("staff_id")
    now: Any = bindparam("now")
    owed = and_(
        Promise.response_id == Comment.response_id, Promise.is_open, Promise.due_at < bindparam("soon")
    )
    they = followed_by(bindparam("organisation_id"), staff_id, now)
    return _due_soon().join(Promise, owed).where(Promise.who_id.in_(they), _named(staff_id, now))


_GIVEN = _due_soon().where(Comment.assignee_id == bindparam("staff_id")).limit(bindparam("most"))
_NAMED = _named_soon().limit(bindparam("most"))
"""Made once: to put them together costs more than what they ask."""


def beyond(segment: str, due_at: datetime | None, rank: int, id: int) -> ColumnElement[bool]:
    """What comes after this place in its segment."""
    if segment not in DATED:
        return CommentIndex.comment_id < id
    same_day = CommentIndex.due_at == due_at
    return and_(
        CommentIndex.due_at >= due_at,
        or_(
            CommentIndex.due_at > due_at,
            and_(same_day, CommentIndex.rank > rank),
            and_(same_day, CommentIndex.rank == rank, CommentIndex.comment_id > id),
        ),
    )
