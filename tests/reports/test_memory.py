"""What is read of many answers is forgotten page by page: memory is that of a page, however many there are."""

import gc
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.db import db
from core.spreadsheets.csv_files import csv_stream
from followup.exports import exporting_answers
from promises.ledger import Scope, ledger
from reports import case_queries, queries
from reports.cases import Case
from reports.period import Period, period
from reports.tallies import tally
from script.benchmarks import loops
from surveys.models import Survey

ANSWERS, EARLY, LATE = 600, 150, 550
ROOM = 150_000
"""Bytes: what the libraries learn on the way. Four hundred rows that are kept need twice as much."""


@pytest.fixture
def many(survey: Survey) -> Iterator[Survey]:
    loops.gather(survey, ANSWERS)
    db.session.rollback()
    yield db.session.scalars(select(Survey)).one()
    tracemalloc.stop()


def grown(stream: Iterable[object], early: int, late: int) -> int:
    """Bytes that are held after the `late` one more than after the `early` one, while it goes on."""
    held = dict[int, int]()
    tracemalloc.start()
    for n, _one in enumerate(stream, 1):
        if n in {early, late}:
            gc.collect()
            held[n] = tracemalloc.get_traced_memory()[0]
    return held[late] - held[early]


def test_a_file_of_all_answers_needs_the_memory_of_a_page(many: Survey, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(exporting_answers, "BATCH", 50)
    parts = csv_stream(exporting_answers.pages(many, clock.now()))
    assert grown(parts, EARLY // 50, LATE // 50) < ROOM


def test_the_figures_of_a_report_need_the_memory_of_a_page(many: Survey, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(case_queries, "BATCH", 50)
    assert grown(case_queries.cases(_all_of(many)), EARLY, LATE) < ROOM


def _all_of(many: Survey) -> Period:
    today = clock.now()
    return period(many, (today - timedelta(days=500)).date(), today.date(), today)


def test_the_newest_of_many_comments_are_read(many: Survey) -> None:
    over = _all_of(many)
    everything = list(queries.all_verbatims(over))
    assert list(queries.all_verbatims(over, 100)) == everything[-100:]
    assert list(queries.all_verbatims(over, 0)) == []
    assert list(queries.all_verbatims(over, 5_000)) == everything


def test_a_year_has_no_more_different_waits_than_it_has_minutes_of_two_days_and_hours() -> None:
    begun = clock.now() - timedelta(days=365)
    cases = (Case(n, begun, word_at=begun + timedelta(minutes=7 * n)) for n in range(75_000))
    counted = tally(cases, clock.now())
    assert counted.words.total() == 75_000
    assert len(counted.words) <= 2 * (48 * 60 + 365 * 24)


@pytest.mark.both_databases
def test_what_benchmarks_measure_adds_up(survey: Survey) -> None:
    assert loops.gather(survey, 40) == 40
    db.session.rollback()
    found = ledger(Scope(survey.organisation_id, survey.id))
    assert (found.responses, found.adds_up) == (40, True)
