"""The word and the deed in SQL, by the same rule as `word_and_deed.py`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, false, func, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from core.db import Rows
from followup.models import Told
from outbox.models import Message
from promises.models import Promise, Update
from reports.word_and_deed import NOT_AN_ANSWER
from surveys.models import Response
from triage.models import Action

Ending = aliased(Update)
said_at = func.coalesce(Message.sent_at, Ending.composed_at)


def words(as_of: datetime) -> Rows:
    """One row a promise that counts: promise_id and its `word` at `as_of`."""
    return (
        select(Promise.id.label("promise_id"), _word(as_of).label("word"))
        .join(Response, Response.id == Promise.response_id)
        .outerjoin(Ending, (Ending.promise_id == Promise.id) & (Ending.kind == "ending"))
        .outerjoin(Message, Message.id == Ending.message_id)
        .where(Response.is_test.is_(False), ~Response.is_erased)
    )


def _word(as_of: datetime) -> ColumnElement[str]:
    ended, arrived = (
        func.coalesce(Promise.ended_as, ""),
        or_(Ending.channel == "page", Message.state == "sent"),
    )
    said = func.coalesce(and_(ended == "told", arrived, said_at <= as_of), false())
    return case(
        (ended.in_(("moved", "cancelled")), ended),
        (and_(~said, Promise.due_at > as_of), literal("open")),
        (~said, literal("broken")),
        (and_(Promise.kind == "outcome", Ending.how.in_(NOT_AN_ANSWER)), literal("broken")),
        (said_at <= Promise.due_at, literal("kept")),
        else_=literal("late"),
    )


def deeds(today: date, as_of: datetime) -> Rows:
    """One row for each person and plan they were given a date for before `as_of`: response_id, action_id, the first
    date `due`, `warned`, `deed` and `days` late on `today`."""
    first = _first_dates(as_of).subquery()
    warned = _taken_back(first, as_of)
    done = Action.done_on
    is_done = func.coalesce(done <= today, false())
    verdict = case(
        (and_(is_done, done < first.c.due), literal("early")),
        (and_(is_done, done == first.c.due), literal("kept")),
        (and_(~is_done, first.c.due >= today), literal("open")),
        (warned, literal("warned")),
        else_=literal("broken"),
    )
    called_off = and_(Action.withdrawn_at.is_not(None), warned)
    late = DaysBetween(first.c.due, case((is_done, done), else_=literal(today)))
    days = case((called_off, 0), (late < 0, 0), else_=late)
    return select(
        first.c.response_id, first.c.action_id, first.c.due, warned.label("warned"),
        verdict.label("deed"), days.label("days"),
    ).join(Action, Action.id == first.c.action_id)  # fmt: skip


def _first_dates(as_of: datetime) -> Rows:
    """The first date of each plan that each person read."""
    place = func.row_number().over(partition_by=(Promise.response_id, Told.action_id), order_by=Told.id)
    rows = (
        select(
            Promise.response_id,
            Told.id.label("told_id"),
            Told.action_id,
            Told.due_on.label("due"),
            place.label("place"),
        )
        .join(Update, Update.id == Told.update_id)
        .join(Promise, Promise.id == Update.promise_id)
        .join(Response, Response.id == Promise.response_id)
        .where(
            Told.kind == "planned",
            Told.due_on.is_not(None),
            Update.composed_at <= as_of,
            Response.is_test.is_(False),
        )
        .subquery()
    )
    return select(rows.c.response_id, rows.c.told_id, rows.c.action_id, rows.c.due).where(rows.c.place == 1)


def _taken_back(first: Any, as_of: datetime) -> ColumnElement[bool]:
    """A later word said another date, no date, or that it was wrong; and it said so by the first date."""
    later, telling, owed, other = aliased(Told), aliased(Update), aliased(Promise), aliased(Action)
    moved = and_(
        later.action_id == first.c.action_id,
        later.kind == "planned",
        or_(later.due_on.is_(None), later.due_on > first.c.due),
    )
    return (
        select(later.id)
        .join(telling, telling.id == later.update_id)
        .join(owed, owed.id == telling.promise_id)
        .join(other, other.id == later.action_id)
        .where(
            owed.response_id == first.c.response_id, later.id > first.c.told_id, telling.composed_at <= as_of
        )
        .where(later.told_on <= first.c.due, or_(moved, other.corrects_id == first.c.action_id))
        .exists()
    )


class DaysBetween(FunctionElement[int]):
    """Whole days from one date to another."""

    type = Integer()
    inherit_cache = True
    name = "days_between"


@compiles(DaysBetween, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kwargs: Any) -> str:
    begin, end = (compiler.process(c, **kwargs) for c in element.clauses)
    return f"CAST(julianday({end}) - julianday({begin}) AS INTEGER)"


@compiles(DaysBetween, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **kwargs: Any) -> str:
    begin, end = (compiler.process(c, **kwargs) for c in element.clauses)
    return f"(({end})::date - ({begin})::date)"
