"""The answers of a scope a page at a time, along an index: each page begins behind the last and costs what the last one cost.

By number, SQLite would find all answers of the survey and sort them for each page; a survey's lie in the order of their time.
Only the page itself is looked up here; what is told of its answers is asked by their numbers.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from core.db import Rows, db
from promises.ledger import Scope
from surveys.models import Response


def pages(scope: Scope, size: int) -> Iterator[list[int]]:
    """The numbers of those that count: of a survey oldest first, of a whole organisation as they were put in."""
    query = _counting(scope).order_by(*_order(scope)).limit(size)
    found = db.session.execute(query).all()
    while found:
        yield [row.id for row in found]
        found = db.session.execute(query.where(_behind(found[-1], scope))).all()


def _counting(scope: Scope) -> Rows:
    counts = select(Response.id, Response.submitted_at).where(Response.is_test.is_(False))
    return scope.within(counts)


def _order(scope: Scope) -> list[Any]:
    return [Response.submitted_at, Response.id] if scope.survey_id else [Response.id]


def _behind(last: Any, scope: Scope) -> ColumnElement[bool]:
    if not scope.survey_id:
        return Response.id > last.id
    later = or_(Response.submitted_at > last.submitted_at, Response.id > last.id)
    return and_(Response.submitted_at >= last.submitted_at, later)
