"""What is owed, in lists: who is waiting for a word, by when, from whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from accounts.models import Membership, Staff
from core import clock, rows
from core.database.counting import MANY
from core.db import Rows, db
from promises.lines import Line, line
from promises.models import Promise
from surveys.models import Survey
from surveys.models_responses import Response

PAGE = 50
MINE = 10


@dataclass(frozen=True, slots=True)
class Due:
    """How many open promises are late, due today, and due within the week that follows; counted as far as `core.counting` does."""

    late: int
    today: int
    week: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of promises is narrowed to; empty: all of them."""

    due: str = ""
    """late, today or week"""
    survey: str = ""
    who: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Wanted":
        return cls(
            *(sent.get(name, "").replace("\x00", "").strip()[:60] for name in ("due", "survey", "who"))
        )

    def as_args(self) -> dict[str, Any]:
        return {name: value for name in ("due", "survey", "who") if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    next: str


def due(organisation_id: int, now: datetime, timezone: str) -> Due:
    tonight, week = _edges(now, timezone)
    edges = {"edge0": datetime.min.replace(tzinfo=UTC), "edge1": now, "edge2": tonight, "edge3": week}
    found = rows.first(_DUE, organisation_id=organisation_id, most=MANY + 1, **edges)
    return Due(*(found or (0, 0, 0)))


def _edges(now: datetime, timezone: str) -> tuple[datetime, datetime]:
    """The midnights after today and after the seventh day from now: what is due on a day is due until its last moment."""
    today = clock.local_date(now, timezone)
    midnights = [clock.at(today + timedelta(days=n), time.min, timezone) for n in (1, 8)]
    return midnights[0], midnights[1]


def _due_between(start: str, end: str) -> ScalarSelect[int]:
    """How many, no further than `most`."""
    open_ = Promise.organisation_id == bindparam("organisation_id"), Promise.is_open
    within = Promise.due_at >= bindparam(start), Promise.due_at < bindparam(end)
    some = select(Promise.id).where(*open_, *within).limit(bindparam("most")).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


_DUE = select(*(_due_between(f"edge{n}", f"edge{n + 1}") for n in range(3)))


def mine(organisation_id: int, staff_id: int | None, now: datetime, timezone: str) -> list[Line]:
    """What this person promised and that is late, or due by the end of tomorrow: the most overdue first."""
    if not staff_id:
        return []
    tomorrow = clock.end_of_day(clock.local_date(now, timezone) + timedelta(days=1), timezone)
    query = select(Promise).where(
        _open_in(organisation_id), falls_to(staff_id, now), Promise.due_at <= tomorrow
    )
    found = db.session.scalars(query.order_by(Promise.due_at, Promise.id).options(*_WITH).limit(MINE))
    return [line(p, now, timezone) for p in found]


def falls_to(staff_id: int | Any, now: datetime | Any) -> ColumnElement[bool]:
    """Promises in which this person is named, and those of somebody away or gone that they follow as signer or deputy."""
    absent = select(Membership.id).where(
        Membership.organisation_id == Promise.organisation_id,
        Membership.staff_id == Promise.who_id,
        or_(Membership.left_at.is_not(None), Membership.away_until > now),
    )
    followed = Promise.response.has(
        Response.survey.has(or_(Survey.signer_id == staff_id, Survey.deputy_id == staff_id))
    )
    return or_(Promise.who_id == staff_id, and_(absent.exists(), followed))


def followed_by(organisation_id: Any, staff_id: Any, now: Any) -> Rows:
    """Numbers of whoever may be named in a promise that falls to this person: themselves, and who is away or gone."""
    of_ours = select(Membership.staff_id).where(Membership.organisation_id == organisation_id)
    absent = or_(Membership.left_at.is_not(None), Membership.away_until > now)
    return of_ours.where(or_(Membership.staff_id == staff_id, absent))


def _open_in(organisation_id: int) -> ColumnElement[bool]:
    return and_(Promise.organisation_id == organisation_id, Promise.is_open)


def page(organisation_id: int, wanted: Wanted, after: str, now: datetime, timezone: str) -> Page:
    """Open promises, the most overdue first; NotFound for a place in the list that is none."""
    query = _wanted(select(Promise).where(_open_in(organisation_id)), wanted, now, timezone)
    found = list(
        db.session.scalars(
            _after(query, after).order_by(Promise.due_at, Promise.id).options(*_WITH).limit(PAGE + 1)
        )
    )
    more = f"{found[PAGE - 1].due_at.isoformat()}~{found[PAGE - 1].id}" if len(found) > PAGE else ""
    return Page([line(p, now, timezone) for p in found[:PAGE]], more)


_WITH = (
    joinedload(Promise.who),
    joinedload(Promise.response).joinedload(Response.customer),
    joinedload(Promise.response).joinedload(Response.survey),
)


def _wanted(query: Rows, wanted: Wanted, now: datetime, timezone: str) -> Rows:
    tonight, week = _edges(now, timezone)
    edges = {"late": (None, now), "today": (now, tonight), "week": (tonight, week)}
    if wanted.due in edges:
        begin, end = edges[wanted.due]
        query = query.where(Promise.due_at < end, *([Promise.due_at >= begin] if begin else []))
    if wanted.survey:
        query = query.where(Promise.response.has(Response.survey.has(Survey.slug == wanted.survey)))
    return query.where(Promise.who.has(Staff.email == wanted.who)) if wanted.who else query


def _after(query: Rows, after: str) -> Rows:
    if not after:
        return query
    try:
        moment, id = after.split("~")
        due_at, last = datetime.fromisoformat(moment), int(id)
    except (ValueError, OverflowError):
        raise NotFound from None
    if due_at.tzinfo is None or last >= 2**62:
        raise NotFound
    return query.where(or_(Promise.due_at > due_at, and_(Promise.due_at == due_at, Promise.id > last)))


def chain(promise: Promise) -> list[Promise]:
    """The promises before this one in its chain, the first one first."""
    found: list[Promise] = []
    earlier = promise.predecessor_id
    while earlier:
        found.insert(0, db.session.get_one(Promise, earlier))
        earlier = found[0].predecessor_id
    return found
