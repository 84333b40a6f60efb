"""The inbox: what went to a manager on top; then what is due by the next working day, one's own first; then what is
owed later, what waits without a date, what is held, and what is settled.

Each of these is a segment with an order and a cursor of its own, so that a page costs the same however
many comments there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from werkzeug.exceptions import NotFound

from core.db import Rows, db
from core.ids import row_id
from promises.models import Promise
from promises.queries import falls_to
from surveys.models import Response
from triage.filters import Filters, narrowed
from triage.models import EMOTIONS, Comment
from triage.rows import Row, rows
from triage.states import in_state

PAGE = 50
SEGMENTS = {
    "escalated": "open", "mine": "open", "owed": "open", "unowed": "open", "held": "held", "settled": "settled",
}  # fmt: skip
"""segment → the state of the comments in it"""
DATED = ("mine", "owed")


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose inbox it is: what is theirs and due before `soon` comes first."""

    organisation_id: int
    staff_id: int | None
    soon: datetime


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    next: str
    """Where the next page begins; empty at the end."""


@dataclass(frozen=True, slots=True)
class Place:
    """A comment's place in the list: the one after it begins the next page."""

    segment: str
    id: int
    due_at: datetime | None = None
    rank: int = 0

    def __str__(self) -> str:
        return "~".join(
            [self.segment, str(self.id), self.due_at.isoformat() if self.due_at else "", str(self.rank)]
        )

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """None at the top of the list; NotFound for a place that is none."""
        if not text:
            return None
        try:
            segment, id, due, rank = text.split("~")
            place = cls(segment, row_id(id), _moment(due) if due else None, row_id(rank))
        except (ValueError, OverflowError):
            raise NotFound from None
        if segment not in SEGMENTS or (place.due_at is None) == (segment in DATED):
            raise NotFound
        return place


def _moment(text: str) -> datetime:
    """ValueError without a zone, OverflowError where UTC has no such moment."""
    moment = datetime.fromisoformat(text)
    if not moment.tzinfo:
        raise ValueError(text)
    return moment.astimezone(UTC)


def page(desk: Desk, wanted: Filters, after: str, now: datetime, timezone: str, size: int = PAGE) -> Page:
    """`size` comments from `after` on, ready to be shown."""
    places: list[Place] = []
    for segment, place in _rest(wanted.state, Place.read(after)):
        query = narrowed(_segment(segment, desk, now), wanted)
        query = query.where(_beyond(place)) if place else query
        found = db.session.execute(query.limit(size + 1 - len(places)))
        places += [Place(segment, id, due_at, rank) for id, due_at, rank in found]
        if len(places) > size:
            break
    shown = places[:size]
    return Page(rows([p.id for p in shown], now, timezone), str(shown[-1]) if len(places) > size else "")


def _rest(state: str, place: Place | None) -> Iterator[tuple[str, Place | None]]:
    """The segments that are still to come, and the place to go on from in the first of them."""
    names = list(SEGMENTS)
    begin = names.index(place.segment) if place else 0
    for name in names[begin:]:
        if state in {"", SEGMENTS[name]}:
            yield name, place if place and place.segment == name else None


def _segment(name: str, desk: Desk, now: datetime) -> Rows:
    query = (
        select(Comment.id, Promise.due_at if name in DATED else literal(None), urgency)
        .join(Response, Response.id == Comment.response_id)
        .where(Comment.organisation_id == desk.organisation_id, in_state(SEGMENTS[name], now))
    )
    if SEGMENTS[name] == "open":
        at_manager = Comment.escalated_at.is_not(None)
        query = query.where(at_manager if name == "escalated" else ~at_manager)
    if name in DATED:
        owed = and_(
            Promise.response_id == Comment.response_id,
            Promise.is_open,
            Promise.organisation_id == desk.organisation_id,
        )
        theirs = _is_theirs(desk, now) if name == "mine" else ~_is_theirs(desk, now)
        return query.join(Promise, owed).where(theirs).order_by(Promise.due_at, urgency, Comment.id)
    if name == "unowed":
        query = query.where(
            ~select(Promise.id).where(Promise.response_id == Comment.response_id, Promise.is_open).exists()
        )
    return query.order_by(Comment.id.desc())


def _is_theirs(desk: Desk, now: datetime) -> ColumnElement[bool]:
    """Due soon, and theirs: it was given to them, or they are named in the promise and it was given to nobody."""
    if not desk.staff_id:
        return false()
    named = and_(Comment.assignee_id.is_(None), falls_to(desk.staff_id, now))
    given = func.coalesce(Comment.assignee_id, 0) == desk.staff_id
    return and_(Promise.due_at < desk.soon, or_(given, named))


urgency = case({e: n for n, e in enumerate(EMOTIONS)}, value=Comment.emotion, else_=EMOTIONS.index("neutral"))


def _beyond(place: Place) -> ColumnElement[bool]:
    if place.segment not in DATED:
        return Comment.id < place.id
    same_day = Promise.due_at == place.due_at
    return or_(
        Promise.due_at > place.due_at,
        and_(same_day, urgency > place.rank),
        and_(same_day, urgency == place.rank, Comment.id > place.id),
    )
