"""A file and a report of many answers read them a page at a time, and the last page is as little work as the first: counted, not timed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice, pairwise
from typing import Any

import pytest
from sqlalchemy import event

from core import clock
from core.db import db
from followup.exports import exporting_answers
from followup.ledger import exporting
from promises import paging
from promises.ledger import Scope
from reports import case_queries, queries
from surveys.models import Survey
from tests.reports.test_memory import _all_of, many

__all__ = ["many"]

BATCH = 50
STEPS = 20
"""So many of its own instructions SQLite does between two looks at the count."""


class Work:
    """What SQLite has done so far: its own instructions, and statements."""

    def __init__(self) -> None:
        self.steps = self.statements = 0

    def stepped(self) -> int:
        self.steps += STEPS
        return 0

    def asked(self, *_said: object) -> None:
        self.statements += 1

    def taught(self, connection: Any, *_more: object) -> None:
        connection.set_progress_handler(self.stepped, STEPS)


@contextmanager
def counted() -> Iterator[Work]:
    work = Work()
    followed = (
        (db.engine, "checkout", work.taught),
        (db.engine, "before_cursor_execute", work.asked),
    )
    for heard in followed:
        event.listen(*heard)
    yield work
    for heard in followed:
        event.remove(*heard)


def each_page(stream: Iterable[object]) -> list[tuple[int, int]]:
    """(instructions, statements) of each page, but the first, which learns, and the last, which is short."""
    db.session.rollback()
    with counted() as work:
        seen = [(work.steps, work.statements) for _page in stream]
    return [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(seen[1:-1])]


STREAMS: dict[str, Callable[[Survey], Iterable[object]]] = {
    "numbers of a survey": lambda s: paging.pages(Scope(s.organisation_id, s.id), BATCH),
    "numbers of an organisation": lambda s: paging.pages(Scope(s.organisation_id), BATCH),
    "numbers of a period": lambda s: paging.pages(_all_of(s).scope, BATCH),
    "all answers": lambda s: exporting_answers.pages(s, clock.now()),
    "the ledger of a survey": lambda s: exporting.pages(Scope(s.organisation_id, s.id)),
    "the ledger of an organisation": lambda s: exporting.pages(Scope(s.organisation_id)),
    "comments": lambda s: islice(queries.all_verbatims(_all_of(s)), 0, None, BATCH),
    "cases": lambda s: islice(case_queries.cases(_all_of(s)), 0, None, BATCH),
}


def test_no_page_is_more_work_than_another(many: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite knows its tables by now, as after a while: that is when it chose to sort everybody for each page."""
    for module in (exporting_answers, exporting, case_queries, queries):
        monkeypatch.setattr(module, "BATCH", BATCH)
    for name, stream in STREAMS.items():
        pages = each_page(stream(many))
        assert len(pages) >= 5, name
        steps, statements = zip(*pages, strict=True)
        assert len(set(statements)) == 1, (name, statements)
        assert max(steps) < 1.1 * min(steps), (name, steps)
