"""The lines behind "Who was told": each response with how it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import Rows, db
from customers.models import Customer
from followup.ledger.filters import Wanted
from outbox.models import Message
from promises.ledger import Scope
from promises.models import Promise, Update
from promises.standing import carries, standing_sql
from promises.waiting import Waiting, full_days, since
from surveys.models import Survey
from surveys.models_responses import Response

PAGE = 50
SLICE = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One response in the ledger; `why` is how they were told, or why they were not."""

    response_id: int
    name: str
    survey: dict[str, str]
    score: int | None
    submitted_on: date
    state: str
    why: str
    channel: str
    due_on: date | None
    days: int | None
    """until the word is due; negative: late"""
    waits: int | None
    """full days since they last said something; None for who waits for nothing"""
    delivery: str
    """State of the message that carries the word, where it is written and has not arrived yet."""
    lost: bool
    """A message row of theirs is gone."""


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    next: int | None


def entries(wanted: Wanted, now: datetime, timezone: str) -> Page:
    """Responses, newest first; of one state, and of one reason, where they were asked for."""
    found: list[Entry] = []
    for those in _slices(wanted):
        rows = _narrowed(_lines(wanted.scope, *those), wanted).order_by(Response.id.desc())
        left = rows.limit(PAGE + 1 - len(found))
        found += [_entry(row, now, timezone) for row in db.session.execute(left)]
        if len(found) > PAGE:
            break
    return Page(found[:PAGE], found[PAGE - 1].response_id if len(found) > PAGE else None)


def _slices(wanted: Wanted) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """Which responses to look at, newest first: where they are narrowed some, then four times as many.

    How many are of one state no database knows beforehand. PostgreSQL guesses few, and would look at all for fifty.
    """
    before, size = wanted.before, SLICE
    narrowed = wanted.state not in {"", "missing"}  # what is missing is looked for in another way, once
    while narrowed and (first := _first_of(wanted.scope, before, size)):
        yield (Response.id >= first, *_before(before))
        before, size = first, size * 4
    yield _before(before)


def _before(id: int | None) -> tuple[ColumnElement[bool], ...]:
    return (Response.id < id,) if id else ()


def _first_of(scope: Scope, before: int | None, size: int) -> int | None:
    """The lowest number of the next `size` responses; None where there are fewer."""
    query = scope.within(select(Response.id).where(*_before(before)))
    return db.session.scalar(query.order_by(Response.id.desc()).offset(size - 1).limit(1))


def longest(scope: Scope, found: Waiting, now: datetime, timezone: str) -> list[Entry]:
    """Those who wait longest, the first of them first."""
    ids = [response_id for _, response_id in found.longest]
    rows = {row.response_id: row for row in db.session.execute(_lines(scope, Response.id.in_(ids)))}
    return [_entry(rows[id], now, timezone) for id in ids]


def _lines(scope: Scope, *those: ColumnElement[bool]) -> Rows:
    lines = standing_sql().where(*those).subquery()
    carried = and_(Update.id == lines.c.ending_id, lines.c.state == "promised")
    query = (
        select(
            lines, Response.submitted_at, Response.score, Survey.title, Customer.name, Message.state.label("delivery"),
            _lost().label("lost"), since().label("since"),
        )
        .select_from(lines)
        .join(Response, Response.id == lines.c.response_id)
        .join(Survey, Survey.id == Response.survey_id)
        .outerjoin(Customer, Customer.id == Response.customer_id)
        .outerjoin(Update, carried)
        .outerjoin(Message, carries(Update))
    )  # fmt: skip
    return scope.within(query)


def _narrowed(query: Rows, wanted: Wanted) -> Rows:
    stands = query.selected_columns
    if wanted.state == "missing":
        query = query.where(or_(stands.state == "missing", Response.id.in_(_losers(wanted.scope))))
    elif wanted.state:
        query = query.where(stands.state == wanted.state)
    return query.where(stands.why == wanted.why) if wanted.why else query


def _lost() -> ColumnElement[bool]:
    """Something they were told by mail of which the message row is gone: asked for one line after another."""
    told = aliased(Update)
    of_theirs = select(Promise.id).where(Promise.response_id == Response.id).correlate(Response)
    gone = exists().where(told.promise_id.in_(of_theirs), told.channel != "page", ~_is_there(told))
    return and_(~Response.is_erased, gone.correlate(Response))


def _losers(scope: Scope) -> Any:
    """The same, found from the messages that are gone: asked for all lines at once."""
    told = aliased(Update)
    query = select(Promise.response_id).join(told, told.promise_id == Promise.id)
    return query.where(
        told.organisation_id == scope.organisation_id, told.channel != "page", ~_is_there(told)
    )


def _is_there(told: Any) -> ColumnElement[bool]:
    letter = aliased(Message)
    return select(letter.id).where(letter.id == told.message_id, letter.key == told.message_key).exists()


def _entry(row: Any, now: datetime, timezone: str) -> Entry:
    owed, waits = row.state == "promised" and not row.delivery, row.state == "promised"
    due_on = clock.local_date(row.due_at, timezone) if owed else None
    return Entry(
        row.response_id, row.name or "", row.title, row.score, clock.local_date(row.submitted_at, timezone), row.state, row.why, row.channel,
        due_on, (due_on - clock.local_date(now, timezone)).days if due_on else None, full_days(row.since, now) if waits else None,
        row.delivery or "", bool(row.lost),
    )  # fmt: skip
