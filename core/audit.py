"""The audit line: written in the transaction of what it tells about."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

from flask import g
from sqlalchemy import insert

from core import rows
from core.db import db
from core.models import Event

CLOCK = "clock"
"""Who did what nobody asked for by name."""


class Subject(Protocol):
    __tablename__: str

    @property
    def id(self) -> int: ...

    @property
    def organisation_id(self) -> int: ...


def record(verb: str, subject: Subject, now: datetime, **detail: Any) -> None:
    """Add who (from the request, else the clock) did `verb` to `subject`. No customer's words in `detail`."""
    if not getattr(subject, "id", 0):  # new, and not in the database yet
        db.session.flush()
    rows.put(
        Event,
        organisation_id=subject.organisation_id,
        at=now,
        actor=actor(),
        verb=verb,
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        detail=detail,
    )


def record_many(
    verb: str, organisation_id: int, subject_type: str, ids: Iterable[int], now: datetime, **detail: Any
) -> None:
    """The same line about many subjects of one kind, in one statement."""
    same = {"organisation_id": organisation_id, "at": now, "actor": actor(), "verb": verb, "detail": detail}
    lines = [{**same, "subject_type": subject_type, "subject_id": id} for id in ids]
    if lines:
        db.session.execute(insert(Event), lines)


def actor() -> str:
    held = g.get("access")
    return _acting.get() or (held.actor if held else CLOCK)


@contextmanager
def acting(name: str) -> Iterator[None]:
    """The clock does what somebody asked for: it is they who did it."""
    before = _acting.set(name)
    try:
        yield
    finally:
        _acting.reset(before)


_acting: ContextVar[str] = ContextVar("acting", default="")
