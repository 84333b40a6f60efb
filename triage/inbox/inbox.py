"""The inbox: what is owed first on top. A page costs the same however many comments there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from werkzeug.exceptions import NotFound

from core.db import db
from core.ids import row_id
from triage.inbox.filters import Filters
from triage.inbox.finding import Matches
from triage.inbox.rows import Row, rows
from triage.inbox.seeking import sought
from triage.inbox.segments import DATED, SEGMENTS, Desk, Segments, beyond

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    next: str
    """Where the next page begins; empty at the end."""
    matches: Matches
    """What was looked for, to be counted too."""


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


def moment_of(text: str) -> datetime | None:
    """What a page wrote down; None for what is no moment."""
    try:
        return _moment(text)
    except (ValueError, OverflowError):
        return None


def _moment(text: str) -> datetime:
    """ValueError without a zone, OverflowError where UTC has no such moment."""
    moment = datetime.fromisoformat(text)
    if not moment.tzinfo:
        raise ValueError(text)
    return moment.astimezone(UTC)


def page(desk: Desk, wanted: Filters, after: str, now: datetime, timezone: str, size: int = PAGE) -> Page:
    """`size` comments from `after` on, ready to be shown."""
    matches = Matches(sought(desk.organisation_id, wanted, timezone, desk.staff_id))
    places = _places(Segments(desk, matches, now), wanted.state, Place.read(after), size)
    shown = places[:size]
    beyond_it = str(shown[-1]) if len(places) > size else ""
    return Page(rows([p.id for p in shown], now, timezone, wanted.q), beyond_it, matches)


def _places(segments: Segments, state: str, after: Place | None, size: int) -> list[Place]:
    """One more than `size`, where there are more."""
    places: list[Place] = []
    for name, place in _rest(state, after):
        query = segments.query(name)
        if query is not None:
            query = query.where(beyond(name, place.due_at, place.rank, place.id)) if place else query
            here = query.limit(size + 1 - len(places))
            found = db.session.connection().execute(here, segments.values)
            places += [Place(name, id, due_at, rank if due_at else 0) for id, due_at, rank in found]
        if len(places) > size:
            break
    return places


def _rest(state: str, place: Place | None) -> Iterator[tuple[str, Place | None]]:
    """The segments that are still to come, and the place to go on from in the first of them."""
    names = list(SEGMENTS)
    begin = names.index(place.segment) if place else 0
    for name in names[begin:]:
        if state in {"", SEGMENTS[name]}:
            yield name, place if place and place.segment == name else None
