"""Tagging thousands of comments with one action, beside tagging fifty: on a copy of a pile, which is kept as it was."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from statistics import median
from typing import Any

from flask import g
from sqlalchemy import select

from core import clock
from core.access import Access, Role
from core.db import db, writing
from followup.many.bulk import begin, do_bulk_work
from followup.steps.stepping import size_of_tags, take_tags
from script.benchmarks.piles import Piles, copied
from script.benchmarks.scene import application
from surveys.models import Survey
from triage import queries
from triage.acting import Decision, decide
from triage.models import Action
from triage.models_index import CommentIndex

FEW, MANY, TIMES = 50, 5_000, 5
HOLD = timedelta(minutes=15)


def measure(database: str, pile: str, at: Piles) -> Iterator[dict[str, Any]]:
    """`pile`: the name of the one whose comments are tagged."""
    with (
        copied(pile, database, at) as (data, address),
        application(str(data), **address) as app,
        app.test_request_context(method="POST"),
    ):
        survey = db.session.scalars(select(Survey)).one()
        g.access = Access(survey.organisation_id, Role.manager, survey.signer_id, "bench")
        few = [_timed(_at_once, ids) for ids in _open_ones(TIMES, FEW)]
        ((wall, cpu),) = [_timed(_as_work, ids) for ids in _open_ones(1, MANY)]
    wall_of_few, cpu_of_few = (median(took[n] for took in few) / FEW * 1000 for n in (0, 1))
    yield {
        "figure": f"{MANY} comments tagged with one action, {pile}", "seconds": round(wall, 1), "cpu_seconds": round(cpu, 1),
        "ms_a_comment": round(wall / MANY * 1000, 2), "cpu_ms_a_comment": round(cpu / MANY * 1000, 2),
        f"of_{FEW}_ms_a_comment": round(wall_of_few, 2), f"of_{FEW}_cpu_ms_a_comment": round(cpu_of_few, 2),
        "ratio": round(wall / MANY * 1000 / wall_of_few, 2), "cpu_ratio": round(cpu / MANY * 1000 / cpu_of_few, 2),
    }  # fmt: skip


def _open_ones(times: int, size: int) -> list[Sequence[int]]:
    """So many lots of so many comments that need a person, from all over the pile."""
    waiting = select(CommentIndex.comment_id).where(CommentIndex.is_open)
    ids = db.session.scalars(waiting.order_by(CommentIndex.comment_id).limit(50_000)).all()
    step = max(len(ids) // (times * size), 1)
    return [ids[n::step][n * size : (n + 1) * size] for n in range(times)]


def _timed(way: Callable[[Sequence[int], Action], None], ids: Sequence[int]) -> tuple[float, float]:
    """Seconds on the wall, and of our own CPU."""
    action = _action()
    wall, cpu = time.perf_counter(), time.process_time()
    way(ids, action)
    return time.perf_counter() - wall, time.process_time() - cpu


def _action() -> Action:
    now, note = clock.now(), {"en": "We now use a stronger box.", "nl": "De doos is nu sterker."}
    held: Access = g.access
    with writing():
        return decide(
            held.organisation_id, Decision("done", "Boxes", held.staff_id or 0, note), now.date(), now
        )


def _at_once(ids: Sequence[int], action: Action) -> None:
    now = clock.now()
    with writing():
        take_tags(queries.comments(ids), action, g.access.staff_id, HOLD, now.date(), now)


def _as_work(ids: Sequence[int], action: Action) -> None:
    """As it is asked for, and as the clock then does it."""
    now = clock.now()
    size = size_of_tags(queries.comments(ids), now)
    with writing():
        begin(ids, action, g.access.staff_id, HOLD, size, now)
    if do_bulk_work(now) != len(ids):
        raise RuntimeError("not every comment had its turn")
