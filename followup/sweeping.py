"""A sweep that should find nothing, and says so loudly when it does.

What is missing is put back, once, without telling anybody the same thing twice; `followup/restoring.py` says how.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from followup import restoring
from followup.corrections.correcting import catch_up
from followup.digests.retelling_digests import missed, reopen
from promises.models import Promise

log = structlog.get_logger()

Find = Callable[[], Sequence[Any]]
Mend = Callable[[Any, datetime], bool]
REPAIRS: tuple[tuple[str, Find, Mend], ...] = (
    ("comment", restoring.lost_comments, restoring.restore_comment),
    ("promise", restoring.lost_promises, restoring.restore_promise),
    ("successor", restoring.lost_successors, restoring.restore_successor),
    ("ending", restoring.lost_endings, restoring.restore_ending),
    ("receipt", restoring.lost_receipts, restoring.restore_receipt),
    ("message", restoring.lost_messages, restoring.restore_message),
    ("line of the index", restoring.lines_astray, restoring.restore_line),
)
"""name → how its absence is found, and mended. In the order in which one rests on the other."""


def sweep(now: datetime) -> int:
    """Repair what is missing; returns how many rows were put back."""
    _say_what_is_late(now)
    return sum(_repair(name, find, mend, now) for name, find, mend in REPAIRS) + _restore_corrections(now)


def _restore_corrections(now: datetime) -> int:
    """Somebody was told the old word at the very moment at which it was corrected."""
    of_digests = missed()
    with writing():
        found = catch_up(now) + reopen(of_digests)
    if found:
        log.error("what was corrected had been told meanwhile, and is put right", corrections=found)
    return found


def _say_what_is_late(now: datetime) -> None:
    late = db.session.scalar(select(func.count(Promise.id)).where(Promise.is_open, Promise.due_at < now))
    if late:
        log.error("alarm: nobody wrote by the promised date", promises=late)


def _repair(name: str, find: Find, mend: Mend, now: datetime) -> int:
    mended = sum(_once(mend, key, now) for key in find())
    if mended:
        log.error("alarm: rows were missing and are there again", row=name, rows=mended)
    return mended


def _once(mend: Mend, key: Any, now: datetime) -> bool:
    try:
        with writing():
            return mend(key, now)
    except IntegrityError:
        return False  # another clock put it back at the same moment
