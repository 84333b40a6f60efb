"""People who are still waiting for a word, and how long they have waited together.

Somebody waits from the moment they last said something: their answer, a "not clear", a "not solved",
a reply. A date that was moved and a message without news do not end the waiting.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from core.db import Rows, db
from outbox.models import Message, is_waiting
from promises.ledger import Scope
from promises.models import Promise, Update
from promises.standing import standing_sql
from surveys.models_responses import Response

SPOKE = ("answer", "not_clear", "not_solved", "reply")
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """`days`: full days of 24 hours, added up over all who wait."""

    people: int
    days: int
    longest: tuple[tuple[datetime, int], ...]
    """(since when, response) of those who wait longest."""


def waiting(scope: Scope, now: datetime) -> Waiting:
    """Everybody who waits is looked at once, and only those who wait longest are kept."""
    counted = [0, 0]

    def each() -> Iterator[tuple[datetime, int]]:
        for since, response_id in db.session.execute(_waits(scope).execution_options(yield_per=1000)):
            counted[:] = counted[0] + 1, counted[1] + full_days(since, now)
            yield since, response_id

    longest = tuple(nsmallest(SHOWN, each()))
    return Waiting(counted[0], counted[1], longest)


def full_days(since: datetime, now: datetime) -> int:
    return max(0, (now - since).days)


def _waits(scope: Scope) -> Rows:
    """(since, response_id) of everybody who waits, by the one rule."""
    rows = scope.within(standing_sql().where(Response.id.in_(_perhaps()))).subquery()
    query = select(since().label("since"), Response.id).join(rows, rows.c.response_id == Response.id)
    return query.where(rows.c.state == "promised")


def since() -> ColumnElement[datetime]:
    """When the respondent last said something that asks for a word."""
    said = aliased(Promise)
    theirs = select(func.max(said.opened_at)).where(said.response_id == Response.id, said.because.in_(SPOKE))
    return func.coalesce(theirs.correlate(Response).scalar_subquery(), Response.received_at)


def _perhaps() -> Any:
    """Whoever may be waiting, read from the two small indexes that hold nobody else. The rule then says who is."""
    owed = select(Promise.response_id).where(Promise.is_open)
    letters = select(Message.id).where(is_waiting)
    on_its_way = select(Promise.response_id).join(Update, Update.promise_id == Promise.id)
    return owed.union_all(on_its_way.where(Update.message_id.in_(letters)))
