"""The inbox with ten thousand comments and with a million: server time of a page; and thousands tagged with one action.

The pile is built once and kept in `BENCH_FOLDER`, where that is set; PostgreSQL's too.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from flask import Flask, g
from sqlalchemy import func, select

from core.access import Access, Role
from core.db import db
from script.benchmarks import tagging
from script.benchmarks.comments import pile_up
from script.benchmarks.piles import Piles, address, piles
from script.benchmarks.scene import application, open_one
from surveys.models import Survey
from triage.inbox import inbox
from triage.models import Comment
from triage.views import inbox_page

FEW, MANY, TIMES, MOST_MS = 10_000, 1_000_000, 2.0, 30
ROUNDS = 20
PAGES = {
    "the first page": "",
    "filtered by survey and emotion": "survey=bench&emotion=frustrated",
    "filtered by theme, open": "theme=theme-3&state=open",
    "settled, score 2": "score=2&state=settled",
    "nobody's, of the last days": "assignee=nobody&since=2026-01-01",
    "a common word": "q=hdob",
    "a rare word": "q=diepzpml",
    "two words": "q=mibla+vfegru",
    "a word and signs": "q=vfegru+100%25",
    "only signs": "q=%25",
    "no match": "q=zebra",
}


class Took(NamedTuple):
    """Milliseconds: of our own CPU (all there is on SQLite, but for the disk), and on the wall."""

    cpu: float
    wall: float


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    many = 40_000 if quick else MANY
    with piles() as at:
        for database in ("sqlite", "postgresql"):
            for name, (few, most) in _measured(database, many, at).items():
                yield {
                    "figure": f"{name}, {many} comments, {database}", "p95_cpu_ms": most.cpu, "p95_ms": most.wall, "most_ms": MOST_MS,
                    "among_10000_p95_cpu_ms": few.cpu, "among_10000_p95_ms": few.wall,
                    "cpu_ratio": round(most.cpu / few.cpu, 2), "ratio": round(most.wall / few.wall, 2), "target": TIMES,
                }  # fmt: skip
            yield from tagging.measure(database, f"{database}-{many}", at)


def _measured(database: str, many: int, at: Piles) -> dict[str, tuple[Took, Took]]:
    """page → what it took among few and among many; in turns, since other work on the machine comes and goes."""
    with ExitStack() as opened:
        few, most = (opened.enter_context(_application(database, n, at)) for n in (FEW, many))
        return {name: _in_turns((few, q1), (most, q2)) for name, (q1, q2) in _pages(few, most).items()}


@contextmanager
def _application(database: str, comments: int, at: Piles) -> Iterator[Flask]:
    data = at.place / f"{database}-{comments}"
    data.mkdir(exist_ok=True)
    with application(str(data), database_url=address(data.name, database, at)) as app:
        _pile(comments)
        yield app


def _pile(comments: int) -> None:
    if not db.session.scalar(select(func.count()).select_from(Survey)):
        pile_up(open_one(), comments)
    db.session.rollback()
    if (db.session.scalar(select(func.max(Comment.id))) or 0) < comments:
        raise RuntimeError("the pile was not finished: remove its folder")


def _pages(few: Flask, most: Flask) -> dict[str, tuple[str, str]]:
    with few.app_context():
        here = _by_number()
    with most.app_context():
        there = _by_number()
    return {name: (q, q) for name, q in PAGES.items()} | {n: (here[n], there[n]) for n in here}


def _by_number() -> dict[str, str]:
    """A page from the middle of what is settled, and the page of one comment, which alone has its word in a pile of any size."""
    last = db.session.scalar(select(func.max(Comment.id))) or 0
    place = inbox.Place("settled", last // 2)
    return {
        "one of them all": f"q=n{last * 7 // 9}",
        "a deep page": f"after={place}",
        "a deep page, filtered": f"after={place}&survey=bench&emotion=frustrated",
    }


def _in_turns(*asked: tuple[Flask, str]) -> tuple[Took, Took]:
    took: list[list[Took]] = [[_once(app, f"/inbox?{q}") for app, q in asked] for _ in range(ROUNDS + 1)]
    few, most = (_late([turn[n] for turn in took[1:]]) for n in (0, 1))
    return few, most


def _late(took: list[Took]) -> Took:
    """What nineteen of twenty take at most."""
    late = int(len(took) * 0.95) - 1
    return Took(sorted(t.cpu for t in took)[late], sorted(t.wall for t in took)[late])


def _once(app: Flask, path: str) -> Took:
    with app.test_request_context(path):
        survey = db.session.scalars(select(Survey)).one()
        g.access, g.timezone = (
            Access(survey.organisation_id, Role.manager, survey.signer_id, "bench"),
            "Europe/Amsterdam",
        )
        db.session.rollback()
        begun, cpu = time.perf_counter(), time.thread_time()
        inbox_page()
        return Took(
            round((time.thread_time() - cpu) * 1000, 1), round((time.perf_counter() - begun) * 1000, 1)
        )
