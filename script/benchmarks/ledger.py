"""Who was told, among many: the proof, the page around it, and the file, in seconds per 100,000 answers."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, g

from core import clock
from core.access import Access, Role
from core.csv_files import csv_stream
from core.db import db
from followup import exporting
from followup.filters import Wanted
from followup.ledger import entries
from followup.people import people
from followup.speed import speed
from promises.ledger import Scope, ledger
from promises.waiting import waiting
from reports.records import count
from script.benchmarks.crowd import gather
from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import folder
from surveys.models import Survey


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    with folder() as data, application(data) as app:
        survey = open_one()
        answers = gather(survey, 8_000 if quick else 128_000, clock.now())
        yield from figures(app, survey, answers)


def figures(app: Flask, survey: Survey, answers: int) -> Iterator[dict[str, Any]]:
    """Of a database that is filled already; `cpu_s` is this process's, `per_100k_s` what it comes to."""
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
