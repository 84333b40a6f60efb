"""Who was told, among few and among many, on both databases: the proof, the page around it, and the file."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask, g
from sqlalchemy import text

from core import clock
from core.access import Access, Role
from core.db import db
from core.spreadsheets.csv_files import csv_stream
from followup.ledger import exporting
from followup.ledger.filters import Wanted
from followup.ledger.lines import entries
from followup.people import people
from followup.speed import speed
from promises.ledger import Scope, ledger
from promises.waiting import waiting
from reports.records import count
from script.benchmarks.crowd import gather
from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import folder
from surveys.models import Survey
from tests import postgresql

FEW, MANY = 8_000, 256_000


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    with folder() as data, folder() as place, postgresql.server(Path(place)) as server:
        for answers in (FEW,) if quick else (FEW, MANY):
            for database in ("sqlite", "postgresql"):
                yield from _measured(f"{database}_{answers}", answers, Path(data), server)


def _measured(name: str, answers: int, data: Path, server: str) -> Iterator[dict[str, Any]]:
    (data / name).mkdir()
    values = {}
    if name.startswith("postgresql"):
        postgresql.command(server, f"CREATE DATABASE {name}")
        values = {"database_url": postgresql.url(server, name)}
    with application(str(data / name), **values) as app:
        survey = open_one()
        made = gather(survey, answers, clock.now())
        if values:
            settle()
        for figure in figures(app, survey, made):
            yield figure | {"database": name.partition("_")[0]}


def settle() -> None:
    """What PostgreSQL does by itself within minutes: count what is there, so that it plans for it."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def figures(app: Flask, survey: Survey, answers: int) -> Iterator[dict[str, Any]]:
    """Of a database that is filled already; `cpu_s` is this process's (PostgreSQL works in others), `per_100k_s` what it comes to."""
    scope, now = Scope(survey.organisation_id), clock.now()
    with app.test_request_context("/ledger"):
        g.access, g.timezone = Access(scope.organisation_id, Role.manager, None, "bench"), "Europe/Amsterdam"
        found = ledger(scope)
        if not found.adds_up:
            raise RuntimeError(f"the ledger does not add up: {found}")
        for name, work in _works(scope, survey, found, now).items():
            yield {"figure": name, **_timed(work, answers)}


def _works(scope: Scope, survey: Survey, found: Any, now: Any) -> dict[str, Callable[[], object]]:
    return {
        "the proof: responses = told + promised + unreachable": lambda: ledger(scope),
        "the ring": lambda: people(scope, found, now),
        "people × days waiting": lambda: waiting(scope, now),
        "how soon people hear, of 90 days": lambda: speed(scope, now),
        "a page of 50 lines": lambda: entries(Wanted(), now, "Europe/Amsterdam"),
        "a page of 50 lines of one reason": lambda: entries(Wanted(state="told", why="thanks"), now, "UTC"),
        "the lines of missing rows": lambda: entries(Wanted(state="missing"), now, "UTC"),
        "the file": lambda: sum(map(len, csv_stream(exporting.pages(scope)))),
        "the record of one survey": lambda: count(survey, now),
    }


def _timed(work: Callable[[], object], answers: int) -> dict[str, Any]:
    db.session.rollback()
    begun, cpu = time.monotonic(), time.process_time()
    work()
    took, used = time.monotonic() - begun, time.process_time() - cpu
    return {
        "seconds": round(took, 3), "cpu_s": round(used, 3), "per_100k_s": round(took / answers * 100_000, 3), "answers": answers,
    }  # fmt: skip
