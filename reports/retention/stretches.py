"""What is past its time is looked for a stretch of its table at a time: no statement is long, however many rows there are.

It is not found by an index (decision 59): each category would need one of its own, which whoever answers pays for, and which is read once a night.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, func, select

from core.db import Rows, db
from reports.retention.past_time import Kind

STRETCH = 20_000
"""Rows of one organisation that one statement looks at: some thirty milliseconds, and nobody waits for it."""


def stretches(kind: Kind, organisation_id: int, until: datetime) -> Iterator[Rows]:
    """The query of a kind, again and again, each for a stretch of ids behind the one before; together they are all ids."""
    find = kind.find(organisation_id, until)
    key: Column[int] = find.selected_columns[0]  # type: ignore[assignment]
    after = 0
    while (end := _end(key, organisation_id, after)) is not None:
        yield find.where(key > after, key <= end)
        after = end
    yield find.where(key > after)


def many(kind: Kind, organisation_id: int, until: datetime) -> int:
    """How much would be found."""
    each = (select(func.count()).select_from(s.subquery()) for s in stretches(kind, organisation_id, until))
    return sum(db.session.scalar(query) or 0 for query in each)


def _end(key: "Column[int]", organisation_id: int, after: int) -> int | None:
    """The id with which a stretch ends; None where it is the last one."""
    there = select(key).where(key > after)
    whose: Any = key.table.c.get("organisation_id")
    if whose is not None and not whose.nullable:  # what may be nobody's is counted with everybody's
        there = there.where(whose == organisation_id)
    return db.session.scalar(there.order_by(key).offset(STRETCH - 1).limit(1))
