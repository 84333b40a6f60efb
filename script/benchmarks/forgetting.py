"""What is past its time, among ten thousand answers and among half a million: how long it is looked for, and how long a slice of it keeps others waiting.

As in a night: everything that is old of one category, then of the next. What is kept is a pile, and each run forgets on a copy of it.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from core import clock
from core.db import db
from core.models_keeping import Forgetting
from reports.retention.forgetting import forget
from reports.retention.past_time import KINDS
from reports.retention.stretches import stretches
from script.benchmarks.kept import gather
from script.benchmarks.piles import Piles, address, copied, fill, piles
from script.benchmarks.scene import application
from surveys.models import Survey

FEW = 10_000
MANY = {"sqlite": 500_000, "postgresql": 100_000}
QUICK = 20_000
CATEGORIES = ("technical", "messages", "incoming", "answers", "invitations")
"""Those that grow with what customers say; the words of a message before its answer, so that they have slices of their own."""
OLDER = {"nothing": 3_300, "few": 2_800, "many": 2_000}
"""How much is old → days for which it is kept (see kept.py)"""
LIMIT_MS, TIMES = 250, 2.0
Figures = dict[str, Any]


def measure(quick: bool) -> Iterator[Figures]:
    with piles() as at:
        for database, many in MANY.items():
            few, most = (_measured(database, n, at) for n in (FEW, min(many, QUICK) if quick else many))
            for name, found in most.items():
                yield {"figure": name, "database": database, **found, **_beside(found, few[name])}


def _beside(most: Figures, few: Figures) -> Figures:
    """Of what grows with the data, how much; an amount that says nothing in so short a time has none."""
    shared = [key for key in ("found_ms", "cpu_ms_a_row", "ms_a_row", "longest_slice_ms") if few.get(key)]
    return {f"{key}_ratio": round(most[key] / few[key], 2) for key in shared if key in most}


def _measured(database: str, answers: int, at: Piles) -> dict[str, Figures]:
    name = f"kept-{database}-{answers}"
    fill(address(name, database, at), at.place, lambda survey: gather(survey, answers))
    with copied(name, database, at) as (data, where), application(str(data), **where):
        here = db.session.scalars(select(Survey.organisation_id)).one()
        there = db.session.scalar(select(func.count()).select_from(Survey.__table__)) or 0
        db.session.rollback()
        return {
            f"{category}, {much} past their time": {"answers": answers, "limit_ms": LIMIT_MS} | _night(here, category, days, n)
            for n, (much, days) in enumerate(OLDER.items()) for category in CATEGORIES if there
        }  # fmt: skip


def _night(here: int, category: str, days: int, n: int) -> Figures:
    now = clock.now() + timedelta(days=n)
    until = now - timedelta(days=days)
    looked = _looked(here, category, until)
    begun, cpu = time.perf_counter(), time.process_time()
    done = forget(here, category, until, now)
    took, used = (time.perf_counter() - begun) * 1000, (time.process_time() - cpu) * 1000
    return looked | ({"rows": done} | _a_row(took, used, done, looked) | _longest(category) if done else {})


def _looked(here: int, category: str, until: datetime) -> Figures:
    """All that a night asks where there is nothing to do, and the longest statement of it."""
    each: list[float] = []
    cpu = time.process_time()
    for kind in (kind for kind in KINDS if kind.category == category):
        asked = stretches(kind, here, until)
        while _timed(partial(_next, asked), each):
            pass
    db.session.rollback()
    return {"found_ms": round(sum(each), 1), "found_cpu_ms": round((time.process_time() - cpu) * 1000, 1), "longest_look_ms": round(max(each), 1)}  # fmt: skip


def _next(asked: Iterator[Any]) -> bool:
    query = next(asked, None)
    if query is None:
        return False
    db.session.scalars(query).all()
    return True


def _timed(work: Callable[[], bool], each: list[float]) -> bool:
    begun = time.perf_counter()
    found = work()
    each.append((time.perf_counter() - begun) * 1000)
    return found


def _a_row(took: float, used: float, done: int, looked: Figures) -> Figures:
    """Without the looking, which was measured by itself."""
    return {
        "ms_a_row": round(max(took - looked["found_ms"], 0) / done, 3),
        "cpu_ms_a_row": round(max(used - looked["found_cpu_ms"], 0) / done, 3),
    }


def _longest(category: str) -> Figures:
    newest = select(Forgetting.longest_ms).where(Forgetting.category == category).order_by(Forgetting.id.desc())  # fmt: skip
    return {"longest_slice_ms": db.session.scalars(newest.limit(1)).one()}
