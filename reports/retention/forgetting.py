"""Forget what is past its time, some at a time: others write meanwhile, and whatever is killed goes on where it was.

Each slice is a transaction of its own. It looks once more at what it forgets, counts it, and says how long it took; the
next one is smaller or larger for it. What is found is held a stretch at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from time import monotonic

import structlog
from sqlalchemy import select

from core import clock, forgotten, keeping, rows
from core.db import Rows, db, writing
from core.keeping import Period
from core.models import Organisation
from core.models_keeping import Forgetting
from core.rows import among
from reports.retention.past_time import KINDS, Kind
from reports.retention.stretches import many, stretches

log = structlog.get_logger()

LONGEST_MS = 250
"""No slice may keep others waiting longer; one that did is named in the log."""
LEAST, FIRST, MOST = 5, 20, 400
"""Rows. What a slice of answers costs whatever its size, some fifty statements, is more than what a hundred of them add on a machine that is idle."""
SHORT_MS, GOAL_MS, LONG_MS = 60, 100, 125


class Pace:
    """How many in one slice, by the clock on the wall, since that is what others wait for: after a long one as many as would have
    been right, after a short one twice as many."""

    def __init__(self) -> None:
        self.size, self.longest = FIRST, 0

    def took(self, milliseconds: int, done: int) -> None:
        """`done`: how many rows that was; what is left at the end says nothing of a larger slice."""
        self.longest = max(self.longest, milliseconds)
        if milliseconds > LONG_MS:
            self.size = max(LEAST, min(self.size, done) * GOAL_MS // milliseconds)
        elif milliseconds < SHORT_MS and done >= self.size:
            self.size = min(MOST, self.size * 2)


def counted(organisation_id: int, at: datetime, periods: Mapping[str, Period]) -> dict[str, int]:
    """category → how much would be past its time at that moment; nothing for what is kept without end."""
    found: dict[str, int] = {}
    for kind in KINDS:
        if (until := keeping.until(periods.get(kind.category), at)) is not None:
            found[kind.category] = found.get(kind.category, 0) + many(kind, organisation_id, until)
    return found


def forget(organisation_id: int, category: str, until: datetime, now: datetime) -> int:
    """Everything of one category that is older than `until`; returns how much that was. Not inside `writing()`."""
    row, pace, done = 0, Pace(), 0
    if _is_unfinished(organisation_id, category):
        row = _begin(organisation_id, category, until, now)
    for kind, find, some in _found(organisation_id, category, until, pace):
        row = row or _begin(organisation_id, category, until, now)
        done += _slice(find, kind, some, row, now, pace)
    if row:
        with writing():
            _finish(row, pace, now)
        log.info("past its time", category=category, n=done, longest_ms=pace.longest)
    return done


def _found(
    organisation_id: int, category: str, until: datetime, pace: Pace
) -> Iterator[tuple[Kind, Rows, Sequence[int]]]:
    """Slice after slice, of one kind after the other: one may find more when the one before has gone."""
    for kind in (kind for kind in KINDS if kind.category == category):
        for find in stretches(kind, organisation_id, until):
            db.session.rollback()  # no look is held open while the next one is taken
            for some in _some(db.session.scalars(find).all(), pace):
                yield kind, find, some


def _is_unfinished(organisation_id: int, category: str) -> bool:
    """A clock was killed after the last of its slices."""
    begun = Forgetting.organisation_id == organisation_id, Forgetting.category == category
    return (
        db.session.scalar(select(Forgetting.id).where(*begun, Forgetting.finished_at.is_(None))) is not None
    )


def _begin(organisation_id: int, category: str, until: datetime, now: datetime) -> int:
    """The list outside the database says so before the first row goes."""
    forgotten.note(organisation_id, category, until)
    with writing():
        row = begun(organisation_id, category, until, now)
        rows.change(row, until=max(row.until, until), finished_at=None, swept_at=None)
        return row.id


def begun(organisation_id: int, category: str, until: datetime, now: datetime) -> Forgetting:
    """Inside `writing()`: the line of this category and local day; another clock may have begun it."""
    day = clock.local_date(now, db.session.get_one(Organisation, organisation_id).timezone)
    key = {"organisation_id": organisation_id, "category": category, "day": day}
    rows.put_once(Forgetting, **key, until=until)
    return db.session.scalars(
        select(Forgetting).filter_by(**key).execution_options(populate_existing=True)
    ).one()


def _slice(find: Rows, kind: Kind, some: Sequence[int], row: int, now: datetime, pace: Pace) -> int:
    also = kind.ahead(some) if kind.ahead else None
    db.session.rollback()
    with writing():
        begun = monotonic()  # others were waited for until now
        if also:
            also()
        done = _one(find, kind, some, row, now)
    took = int((monotonic() - begun) * 1000)
    pace.took(took, len(some))
    say = log.warning if took > LONGEST_MS else log.debug
    say(
        "a long transaction" if took > LONGEST_MS else "a slice",
        category=kind.category,
        rows=len(some),
        milliseconds=took,
    )
    return done


def _some(ids: Sequence[int], pace: Pace) -> Iterator[Sequence[int]]:
    at = 0
    while at < len(ids):
        some = ids[at : at + pace.size]
        at += len(some)
        yield some


def _one(find: Rows, kind: Kind, some: Sequence[int], row: int, now: datetime) -> int:
    """Since it was found, somebody may have written back, or another clock may have been here."""
    key = find.selected_columns[0]
    still = db.session.scalars(find.where(among(key, some))).all()
    if still:
        kind.forget(still, now)
    held = db.session.get_one(Forgetting, row, populate_existing=True)
    rows.change(held, n=held.n + len(still))
    return len(still)


def _finish(id: int, pace: Pace, now: datetime) -> None:
    """What another clock began on an earlier day is finished with it."""
    held = db.session.get_one(Forgetting, id, populate_existing=True)
    rows.change(held, finished_at=now, longest_ms=max(held.longest_ms, pace.longest))
    earlier = Forgetting.organisation_id == held.organisation_id, Forgetting.category == held.category
    for old in db.session.scalars(select(Forgetting).where(*earlier, Forgetting.finished_at.is_(None))).all():
        rows.change(old, finished_at=now)
