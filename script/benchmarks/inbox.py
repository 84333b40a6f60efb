"""The inbox with ten thousand comments and with a million: server time of a page, by the thread's own clock.

The pile is built once and kept in `BENCH_FOLDER`, where that is set; PostgreSQL's too.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, g
from sqlalchemy import func, select

from core.access import Access, Role
from core.db import db
from script.benchmarks.comments import pile_up
from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import folder
from surveys.models import Survey
from tests import postgresql
from triage import inbox
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
    "one of a million": "q=n7777",
    "two words": "q=mibla+vfegru",
    "a word and signs": "q=vfegru+100%25",
    "only signs": "q=%25",
    "no match": "q=zebra",
}


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    many = 40_000 if quick else MANY
    with _piles() as place, postgresql.server(place / "postgresql") as server:
        for database in ("sqlite", "postgresql"):
            few, most = (_measured(database, n, place, server) for n in (FEW, many))
            for name, (middle, late) in most.items():
                yield {
                    "figure": f"{name}, {many} comments, {database}", "ms": middle, "p95_ms": late, "most_ms": MOST_MS,
                    "among_10000_p95_ms": few[name][1], "ratio": round(late / few[name][1], 2), "target": TIMES,
                }  # fmt: skip


@contextmanager
def _piles() -> Iterator[Path]:
    kept = os.environ.get("BENCH_FOLDER")
    if kept:
        (Path(kept) / "postgresql").mkdir(parents=True, exist_ok=True)
        yield Path(kept)
    else:
        with folder() as made:
            (Path(made) / "postgresql").mkdir()
            yield Path(made)


def _measured(database: str, comments: int, place: Path, server: str) -> dict[str, tuple[float, float]]:
    """page → (median, p95) in milliseconds"""
    data = place / f"{database}-{comments}"
    data.mkdir(exist_ok=True)
    with application(str(data), **_address(database, data, server)) as app:
        _pile(comments)
        return {name: _timed(app, f"/inbox?{query}") for name, query in (PAGES | _deep()).items()}


def _address(database: str, data: Path, server: str) -> dict[str, str]:
    if database == "sqlite":
        return {}
    name = data.name.replace("-", "_")
    try:
        postgresql.command(server, f"CREATE DATABASE {name}")
    except Exception as there:
        if "already exists" not in str(there):
            raise
    return {"database_url": postgresql.url(server, name)}


def _pile(comments: int) -> None:
    if not db.session.scalar(select(func.count()).select_from(Survey)):
        pile_up(open_one(), comments)
    db.session.rollback()
    if (db.session.scalar(select(func.max(Comment.id))) or 0) < comments:
        raise RuntimeError("the pile was not finished: remove its folder")


def _deep() -> dict[str, str]:
    """A page from the middle of what is settled."""
    place = inbox.Place("settled", (db.session.scalar(select(func.max(Comment.id))) or 0) // 2)
    return {
        "a deep page": f"after={place}",
        "a deep page, filtered": f"after={place}&survey=bench&emotion=frustrated",
    }


def _timed(app: Flask, path: str) -> tuple[float, float]:
    took = sorted(_once(app, path) for _ in range(ROUNDS + 1))
    return took[len(took) // 2], took[int(len(took) * 0.95) - 1]


def _once(app: Flask, path: str) -> float:
    with app.test_request_context(path):
        survey = db.session.scalars(select(Survey)).one()
        g.access, g.timezone = (
            Access(survey.organisation_id, Role.manager, survey.signer_id, "bench"),
            "Europe/Amsterdam",
        )
        db.session.rollback()
        begun = time.perf_counter()
        inbox_page()
        return round((time.perf_counter() - begun) * 1000, 1)
