"""The word and the deed in SQL, by the same rule as `word_and_deed.py`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, false, func, literal, or_, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from core.db import Rows
from followup.digests.models import DigestAction, HeardRight
from followup.models import Told
from outbox.models import Message
from promises.models import Promise, Update
from reports.word_and_deed import NOT_AN_ANSWER
from surveys.models_responses import Response
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
    """The first date of each plan that each person read: about their comment, in a digest, or in what put that right."""
    read = union_all(
        _dates(Told).join(Update, Update.id == Told.update_id),
        _dates(HeardRight).join(Update, Update.id == HeardRight.update_id),
        _dates(DigestAction)
        .join(Response, Response.round_id == DigestAction.round_id)
        .join(Promise, Promise.response_id == Response.id)
        .join(Update, Update.promise_id == Promise.id)
        .where(Update.kind == "ending", Update.how == "digest"),
    ).subquery()
    place = func.row_number().over(
        partition_by=(Promise.response_id, read.c.action_id), order_by=read.c.update_id
    )
    rows = (
        select(Promise.response_id, read, place.label("place"))
        .join(Update, Update.id == read.c.update_id)
        .join(Promise, Promise.id == Update.promise_id)
        .join(Response, Response.id == Promise.response_id)
        .where(Update.composed_at <= as_of, Response.is_test.is_(False))
        .subquery()
    )
    return select(rows.c.response_id, rows.c.update_id, rows.c.action_id, rows.c.due).where(rows.c.place == 1)


def _dates(told: type[Told | HeardRight | DigestAction]) -> Rows:
    """Which plan was told, for which day, in which update."""
    planned = told.kind == "planned", told.due_on.is_not(None)
    return select(told.action_id, told.due_on.label("due"), Update.id.label("update_id")).where(*planned)


def _taken_back(first: Any, as_of: datetime) -> ColumnElement[bool]:
    """A later word said another date, no date, or that it was wrong; and it said so by the first date."""
    told, right = aliased(Told), aliased(HeardRight)
    by_digest = _took_back(right, first, as_of).where(right.response_id == first.c.response_id)
    return or_(_took_back(told, first, as_of).exists(), by_digest.exists())


def _took_back(later: Any, first: Any, as_of: datetime) -> Rows:
    telling, owed, other = aliased(Update), aliased(Promise), aliased(Action)
    moved = and_(
        later.action_id == first.c.action_id,
        later.kind.in_(("planned", "moved")),
        or_(later.due_on.is_(None), later.due_on > first.c.due),
    )
    return (
        select(later.update_id)
        .join(telling, telling.id == later.update_id)
        .join(owed, owed.id == telling.promise_id)
        .join(other, other.id == later.action_id)
        .where(
            owed.response_id == first.c.response_id,
            telling.id > first.c.update_id,
            telling.composed_at <= as_of,
        )
        .where(later.told_on <= first.c.due, or_(moved, other.corrects_id == first.c.action_id))
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
