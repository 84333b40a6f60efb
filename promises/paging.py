"""The answers of a scope a page at a time, along an index: each page begins behind the last and costs what the last one cost.

By number, SQLite would find all answers of the survey and sort them for each page; a survey's lie in the order of their time.
Only the page itself is looked up here; what is told of its answers is asked by their numbers.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from core.db import Rows, connection
from promises.ledger import Scope
from surveys.models_responses import Response


def pages(scope: Scope, size: int) -> Iterator[list[int]]:
    """The numbers of those that count: of a survey oldest first, of a whole organisation as they were put in."""
    order = [Response.submitted_at, Response.id] if scope.survey_id else [Response.id]
    found = connection().execute(_counting(scope).order_by(*order).limit(size)).all()
    while found:
        yield [row.id for row in found]
        found = connection().execute(_behind(found[-1], scope).order_by(*order).limit(size)).all()


def _counting(scope: Scope) -> Rows:
    return scope.within(select(Response.id, Response.submitted_at).where(Response.is_test.is_(False)))


def _behind(last: Any, scope: Scope) -> Rows:
    if not scope.survey_id:
        return _counting(scope).where(Response.id > last.id)
    return _counting(since(last.submitted_at, scope)).where(later(last.submitted_at, Response.id, last.id))


def since(moment: datetime, scope: Scope) -> Scope:
    """The rest of it, from that moment on. Of two bounds SQLite takes the first, so each page would begin where all of them began."""
    return replace(scope, since=moment)


def later(moment: datetime, key: Any, number: int) -> ColumnElement[bool]:
    """After that moment, or at it and under a higher number of this key."""
    return or_(Response.submitted_at > moment, key > number)
