"""Each tick that looks for due work, with 100 due among 1,000 and among 100,000 open promises: at most twice the time."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from core import clock
from core.db import db, writing
from followup.composing import compose_due
from followup.no_news import compose_moves, compose_no_news
from followup.receipts import compose_receipts
from followup.restoring import NEWEST
from followup.sweeping import sweep
from promises.models import Promise
from promises.opening import due
from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import folder
from surveys.models import Survey
from tests.crowd import crowd
from triage.acting import Decision, decide
from triage.indexing import index
from triage.models import Comment, Tag

FEW, DUE, TIMES = 1_000, 100, 2.0


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    many = 20_000 if quick else 100_000
    few, most = _measured(FEW), _measured(many)
    for name, (seconds, idle) in most.items():
        yield {
            "figure": f"tick {name}, {DUE} due among {many} open promises", "ms": round(seconds * 1000), "among_1000_ms": round(few[name][0] * 1000),
            "ratio": round(seconds / few[name][0], 2), "target": TIMES, "nothing_due_ms": round(idle * 1000),
        }  # fmt: skip


def _measured(promises: int) -> dict[str, tuple[float, float]]:
    """name → CPU seconds with a hundred due, and with nothing due"""
    with folder() as data, application(data):
        scene = _Scene(promises)
        return {name: scene.time(prepare, tick) for name, (prepare, tick) in TICKS.items()}


class _Scene:
    """Open promises, all announced, none due for a week; each tick then finds a hundred of its own."""

    def __init__(self, promises: int) -> None:
        self.now = clock.now()
        survey = open_one()
        with writing():
            self.action = decide(survey.organisation_id, _decision(survey), self.now.date(), self.now)
        with writing():
            crowd(survey, promises, self.now, by=due(survey, self.now + timedelta(days=7)))
            index(db.session.scalars(select(Comment.id).order_by(Comment.id.desc()).limit(NEWEST)))
            db.session.execute(text("ANALYZE"))

    def time(
        self, prepare: Callable[["_Scene"], None], tick: Callable[[datetime], int]
    ) -> tuple[float, float]:
        with writing():
            prepare(self)
        return self._run(tick, DUE), self._run(tick, 0)

    def _run(self, tick: Callable[[datetime], int], wanted: int) -> float:
        """CPU seconds of a run that does so many."""
        db.session.rollback()
        begun = time.process_time()
        done = tick(self.now)
        if done != wanted:
            raise RuntimeError(f"{tick.__name__} did {done} of {wanted}")
        return time.process_time() - begun

    def open_ones(self) -> list[Promise]:
        """A hundred that nothing happened to yet."""
        quiet = select(Promise).where(Promise.is_open, Promise.predecessor_id.is_(None)).order_by(Promise.id)
        return list(db.session.scalars(quiet.limit(DUE)))


def _decision(survey: Survey) -> Decision:
    return Decision("done", "Boxes", survey.signer_id, {"en": "We now use a stronger box."})


def _unannounce(scene: _Scene) -> None:
    for promise in scene.open_ones():
        for update in list(promise.updates):
            db.session.delete(update)


def _tag(scene: _Scene) -> None:
    for promise in scene.open_ones():
        comment = db.session.scalars(select(Comment).where(Comment.response_id == promise.response_id)).one()
        row = {
            "organisation_id": promise.organisation_id,
            "comment_id": comment.id,
            "action_id": scene.action.id,
        }
        db.session.add(Tag(**row, tagged_at=scene.now, release_at=scene.now))


def _move(scene: _Scene) -> None:
    from core.access import Role
    from promises.moving import When, move

    for promise in scene.open_ones():
        move(promise, When(promise.due_at + timedelta(days=3), None), "Late.", Role.manager, scene.now)


def _fall_due(scene: _Scene) -> None:
    for promise in scene.open_ones():
        promise.due_at, promise.due_on = scene.now, None


def _lose(_of: _Scene) -> None:
    for comment in db.session.scalars(select(Comment).order_by(Comment.id.desc()).limit(DUE)):
        db.session.delete(comment)


TICKS: dict[str, tuple[Callable[[_Scene], None], Callable[[datetime], int]]] = {
    "receipts": (_unannounce, compose_receipts),
    "updates": (_tag, compose_due),
    "moves": (_move, compose_moves),
    "no news": (_fall_due, compose_no_news),
    "sweep": (_lose, sweep),
}
"""name → what makes a hundred due, and the tick"""
