"""The lines behind "Who was told": who is waiting longest, and each response with how it stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from core import clock
from core.access import own
from core.db import Rows, db
from customers.models import Customer
from outbox.models import Message
from promises.ledger import Scope
from promises.models import Promise, Update
from promises.standing import standing_sql
from surveys.models import Response, Round, Survey

PAGE = 50
STATES = ("told", "promised", "unreachable", "missing")


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
    delivery: str
    """State of the message that carries the word, where it is written and has not arrived yet."""
    lost: bool
    """A message row of theirs is gone."""


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    next: int | None


def scope(organisation_id: int, slug: str, round_id: int | None) -> tuple[Scope, Survey | None, Round | None]:
    """What the ledger is about; a survey or round that is not the organisation's is not there."""
    survey = db.session.scalar(own(Survey).where(Survey.slug == slug)) if slug else None
    found = db.session.scalar(own(Round).where(Round.id == round_id)) if round_id else None
    return Scope(organisation_id, survey.id if survey else None, found.id if found else None), survey, found


def rounds(survey: Survey | None) -> list[Round]:
    """The rounds of a survey, newest first."""
    return (
        list(
            db.session.scalars(
                own(Round).where(Round.survey_id == survey.id).order_by(Round.starts_on.desc())
            )
        )
        if survey
        else []
    )


def entries(within: Scope, state: str, before: int | None, now: datetime, timezone: str) -> Page:
    """Responses, newest first; of one state where one was asked for."""
    rows = _lines(within, state).order_by(Response.id.desc())
    rows = rows.where(Response.id < before) if before else rows
    found = [_entry(row, now, timezone) for row in db.session.execute(rows.limit(PAGE + 1))]
    return Page(found[:PAGE], found[PAGE - 1].response_id if len(found) > PAGE else None)


def waiting(within: Scope, now: datetime, timezone: str, most: int = 10) -> list[Entry]:
    """Who is owed a word, the longest-waiting first."""
    rows = _lines(within, "promised").order_by(Response.submitted_at, Response.id).limit(most)
    return [_entry(row, now, timezone) for row in db.session.execute(rows)]


def _lines(within: Scope, state: str) -> Rows:
    lines, lost = standing_sql().subquery(), _lost()
    carried = and_(
        Update.promise_id == lines.c.promise_id, Update.kind == "ending", lines.c.state == "promised"
    )
    query = (
        select(
            lines,
            Response.submitted_at,
            Response.score,
            Survey.title,
            Customer.name,
            Message.state.label("delivery"),
            lost.label("lost"),
        )
        .select_from(lines)
        .join(Response, Response.id == lines.c.response_id)
        .join(Survey, Survey.id == Response.survey_id)
        .outerjoin(Customer, Customer.id == Response.customer_id)
        .outerjoin(Update, carried)
        .outerjoin(Message, Message.id == Update.message_id)
    )
    found = lines.c.state == state
    query = query.where(or_(found, lost) if state == "missing" else found) if state in STATES else query
    return within.within(query)


def _lost() -> ColumnElement[bool]:
    """Something they were told by mail of which the message row is gone."""
    told, letter = aliased(Update), aliased(Message)
    there = select(letter.id).where(letter.id == told.message_id).exists()
    of_theirs = select(Promise.id).where(Promise.response_id == Response.id).correlate(Response)
    return (
        exists()
        .where(told.promise_id.in_(of_theirs), told.channel == "mail", ~there, Response.erased_at.is_(None))
        .correlate(Response)
    )


def _entry(row: Any, now: datetime, timezone: str) -> Entry:
    owed = row.state == "promised" and not row.delivery
    due_on = clock.local_date(row.due_at, timezone) if owed else None
    return Entry(
        row.response_id, row.name or "", row.title, row.score, clock.local_date(row.submitted_at, timezone), row.state, row.why, row.channel,
        due_on, (due_on - clock.local_date(now, timezone)).days if due_on else None, row.delivery or "", bool(row.lost),
    )  # fmt: skip
