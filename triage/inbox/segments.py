"""The parts of the inbox, one after the other, each with an order of its own that an index holds.

What went to a manager; what is due by the next working day, one's own first; what is owed later; what waits without
a date; what is held; what is settled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import CTE, BindParameter, ColumnElement, and_, bindparam, false, func, null, or_, select
from sqlalchemy.orm import aliased

from accounts.presence import ABSENT
from accounts.presence import absent as absent_from
from core.db import Rows, db
from core.rows import among, ones, some, these
from promises.models import Promise
from promises.queries import falls_to, followed_by
from surveys.models import Survey
from surveys.models_responses import Response
from triage.inbox import conditions
from triage.inbox.conditions import Shape
from triage.inbox.finding import Matches
from triage.models import Comment
from triage.models_index import CommentIndex
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
    """The lines of one page: (id, when it is due, rank) of each comment."""

    def __init__(self, desk: Desk, matches: Matches, now: datetime) -> None:
        self.desk, self.matches = desk, matches
        self._asked = {
            "organisation_id": desk.organisation_id, "staff_id": desk.staff_id, "soon": desk.soon, "now": now,
        }  # fmt: skip

    def lines(self, name: str, most: int, beyond: dict[str, Any]) -> Sequence[Any]:
        """The first so many of a segment in order, or of what stands beyond a place in it."""
        ids = self._few(name)
        if ids == [] or (name == "mine" and not self.desk.staff_id):
            return ()
        whose = self._whose if name in DATED else ""
        query = _query(name, conditions.shape(self.matches.what, ids), whose, bool(beyond))
        named = {"mine": self._named} if whose == "named" else {}
        met = conditions.values(self.matches.what, ids)
        return some(query, **self._asked, **met, **named, **beyond, most=most)

    def _few(self, name: str) -> list[int] | None:
        """All that match, where they are few."""
        if self.matches.what.everything:
            return None
        return (self.matches.open if SEGMENTS[name] == "open" else self.matches.done).few

    @cached_property
    def _whose(self) -> str:
        """How one's own are told from others': by their numbers, where they are few beside what matches."""
        if not self.desk.staff_id:
            return "nobody"
        looked_at = not self.matches.what.everything and self.matches.open.few is not None
        return "looked at" if looked_at or len(self._named) > FEW else "named"

    @cached_property
    def _named(self) -> list[int]:
        return _numbers_of(self._asked)


@lru_cache(256)
def _query(name: str, shape: Shape, whose: str, beyond: bool) -> Rows:
    """Put together once: that costs more than what it asks."""
    fetched = shape.numbered and name in DATED
    at: Any = aliased(CommentIndex, _found()) if fetched else CommentIndex
    due_at = at.due_at if name in DATED else null()
    query = select(at.comment_id, due_at.label("due_at"), at.rank).join(Comment, Comment.id == at.comment_id)
    query = query.where(at.organisation_id == _OURS, *_PARTS[name](at, whose))
    query = query if fetched else query.where(conditions.condition(shape))
    query = query.where(_beyond(at, name)) if beyond else query
    order = (at.due_at, at.rank, at.comment_id) if name in DATED else (at.comment_id.desc(),)
    return query.order_by(*order).limit(bindparam("most"))


def _found() -> CTE:
    """The lines of what was found already, fetched first where all of them are put in order: PostgreSQL would read all that fall due."""
    one = CommentIndex
    lines = select(one.comment_id, one.organisation_id, one.is_open, one.due_at, one.rank)
    found = lines.where(among(CommentIndex.comment_id, these("found"))).cte("found")
    return found.prefix_with("MATERIALIZED", dialect="postgresql")


_OURS: BindParameter[int] = bindparam("organisation_id")
_NOW: Any = bindparam("now")
_STAFF: Any = bindparam("staff_id")
_SOON: Any = bindparam("soon")
_ON_THE_LIST = Comment.escalated_at.is_(None)
_PARTS: dict[str, Callable[[Any, str], list[Any]]] = {
    "escalated": lambda at, _: [at.is_open, Comment.escalated_at.is_not(None), Comment.organisation_id == _OURS],
    "mine": lambda at, whose: [at.is_open, at.due_at < _SOON, _ON_THE_LIST, _mine(at, whose)],
    "owed": lambda at, whose: [at.is_open, at.due_at.is_not(None), _ON_THE_LIST, ~_mine(at, whose)],
    "unowed": lambda at, _: [at.is_open, at.due_at.is_(None), _ON_THE_LIST],
    "held": lambda at, _: [~at.is_open, in_state("held", _NOW)],
    "settled": lambda at, _: [~at.is_open, in_state("settled", _NOW)],
}  # fmt: skip


def _mine(at: Any, whose: str) -> ColumnElement[bool]:
    """It was given to them; or they are named in the promise, and it was given to nobody."""
    if whose == "nobody":
        return false()
    return among(Comment.id, these("mine")) if whose == "named" else _theirs(at)


def _numbers_of(asked: dict[str, Any]) -> list[int]:
    """Those that name them, then those that were given to them or whose colleague is not here; more than FEW says that there are more.

    Most are named in what they promised; who was given what is looked for in all that falls due.
    """
    most = FEW + 1
    ids: list[int] = ones(_NAMED, **asked, most=most)
    if len(ids) < most:
        ids += ones(_GIVEN, **asked, most=most - len(ids))
        if absent := absent_from(asked["organisation_id"], asked["now"]):
            theirs = _due_soon().where(Comment.assignee_id.in_(absent), _follows(_STAFF))
            ids += db.session.connection().scalars(theirs.limit(most), asked).all()
    return ids


def _theirs(at: Any) -> ColumnElement[bool]:
    """It falls due soon and was given to them, or nobody else follows up; never unknown, for the others' is what is not theirs."""
    owed = select(Promise.id).where(Promise.response_id == Comment.response_id, Promise.is_open)
    whose = func.coalesce(Comment.assignee_id, 0)
    given, left = whose == _STAFF, and_(whose.in_(ABSENT), _follows(_STAFF))
    named = owed.where(_names_them()).exists()
    return and_(at.due_at < _SOON, or_(given, left, named))


def _follows(staff_id: Any) -> ColumnElement[bool]:
    """They sign the survey it came by, or are the deputy there."""
    mine = or_(Survey.signer_id == staff_id, Survey.deputy_id == staff_id)
    return Comment.response.has(Response.survey.has(mine))


def _names_them() -> ColumnElement[bool]:
    return and_(Comment.assignee_id.is_(None), falls_to(_STAFF, _NOW))


def _due_soon() -> Rows:
    soon = CommentIndex.is_open, CommentIndex.due_at < _SOON
    listed = select(Comment.id).join(CommentIndex, CommentIndex.comment_id == Comment.id)
    return listed.where(CommentIndex.organisation_id == _OURS, *soon)


def _named_soon() -> Rows:
    owed = and_(Promise.response_id == Comment.response_id, Promise.is_open, Promise.due_at < _SOON)
    they = followed_by(_OURS, _STAFF, _NOW)
    return _due_soon().join(Promise, owed).where(Promise.who_id.in_(they), _names_them())


_GIVEN = _due_soon().where(Comment.assignee_id == _STAFF).limit(bindparam("most"))
_NAMED = _named_soon().limit(bindparam("most"))
"""Made once: to put them together costs more than what they ask."""


def _beyond(at: Any, segment: str) -> ColumnElement[bool]:
    """What comes after a place in its segment."""
    id: BindParameter[int] = bindparam("after_id")
    if segment not in DATED:
        met: ColumnElement[bool] = at.comment_id < id
        return met
    due_at: Any = bindparam("after_due")
    rank: Any = bindparam("after_rank")
    same_day = at.due_at == due_at
    return and_(
        at.due_at >= due_at,
        or_(
            at.due_at > due_at,
            and_(same_day, at.rank > rank),
            and_(same_day, at.rank == rank, at.comment_id > id),
        ),
    )
