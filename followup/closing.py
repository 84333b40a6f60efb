"""How a loop closed: agreed, not solved, not clear, or by silence. Never added together.

A verdict counts for what was told last before it. Who says nothing for ten days after an outcome has
arrived is closed by silence: that is not a yes. One rule, in Python and in SQL; a test holds them together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from core.db import Rows, db
from followup.models import Verdict
from outbox.models import Message
from promises.models import Promise, Update
from surveys.models_responses import Response

OUTCOMES = ("done", "planned", "wont_do", "already", "thanks", "digest", "default", "correction")
"""Endings that say what became of it; no news and a new date do not."""
SILENCE = timedelta(days=10)
CLOSINGS = ("agreed", "not_solved", "not_clear", "silence")


@dataclass(frozen=True, slots=True)
class Facts:
    """The last outcome, when it arrived (None: not yet), and what was said last."""

    outcome_at: datetime | None
    arrived_at: datetime | None
    owed: bool
    said_at: datetime | None
    clear: bool | None
    solved: bool | None


def closing(facts: Facts, now: datetime) -> str:
    """One of CLOSINGS; empty while it is open, or while they may still be thinking."""
    counts = facts.said_at and (not facts.outcome_at or facts.said_at >= facts.outcome_at)
    if counts and facts.solved is False:
        return "not_solved"
    if counts and facts.clear is False:
        return "not_clear"
    if counts and facts.outcome_at:
        return "agreed"
    silent = facts.arrived_at and facts.arrived_at <= now - SILENCE
    return "silence" if silent and not facts.owed else ""


def closings(now: datetime) -> Rows:
    """One row a response: response_id, closing, closed_at (of the verdict, or when the silence was long enough)."""
    outcome, said = aliased(Update), aliased(Verdict)
    arrived = case(
        (outcome.channel == "page", outcome.composed_at), (Message.state == "sent", Message.sent_at)
    )
    rule = _rule(outcome, said, arrived, now)
    return (
        select(
            Response.id.label("response_id"),
            rule.label("closing"),
            said.created_at.label("said_at"),
            arrived.label("arrived_at"),
        )
        .select_from(Response)
        .outerjoin(outcome, outcome.id == _last_outcome())
        .outerjoin(Message, Message.id == outcome.message_id)
        .outerjoin(said, said.id == _last_verdict())
        .where(Response.is_test.is_(False))
    )


def _last_outcome() -> ColumnElement[int]:
    """Looked up for each response that is asked about, not found for everybody first."""
    own = aliased(Update)
    query = select(func.max(own.id)).join(Promise, Promise.id == own.promise_id)
    query = query.where(Promise.response_id == Response.id, own.kind == "ending", own.how.in_(OUTCOMES))
    return query.correlate(Response).scalar_subquery()


def _last_verdict() -> ColumnElement[int]:
    own = aliased(Verdict)
    return select(func.max(own.id)).where(own.response_id == Response.id).scalar_subquery()


def _rule(
    outcome: type[Update], said: type[Verdict], arrived: ColumnElement[datetime], now: datetime
) -> ColumnElement[str]:
    counts = and_(said.id.is_not(None), or_(outcome.id.is_(None), said.created_at >= outcome.composed_at))
    owed = select(Promise.id).where(Promise.response_id == Response.id, Promise.is_open).exists()
    return case(
        (counts & said.solved.is_(False), literal("not_solved")),
        (counts & said.clear.is_(False), literal("not_clear")),
        (counts & outcome.id.is_not(None), literal("agreed")),
        ((arrived <= now - SILENCE) & ~owed, literal("silence")),
        else_=literal(""),
    )


def closing_of(response: Response, now: datetime) -> tuple[str, datetime | None]:
    """How the loop of one response closed, and when."""
    row = db.session.execute(closings(now).where(Response.id == response.id)).one_or_none()
    if not row or not row.closing:
        return "", None
    return row.closing, row.arrived_at + SILENCE if row.closing == "silence" else row.said_at
