"""What is past its time is forgotten by as much work as there is of it, however much lies around it: counted, not timed."""

from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import text

from core import clock
from core.db import db, writing
from reports.retention.forgetting import _one, begun
from reports.retention.past_time import KINDS, Kind
from reports.retention.stretches import stretches
from script.benchmarks import kept, loops
from script.benchmarks.scene import open_one
from surveys.models import Survey
from tests.reports.test_work_a_page import counted

FEW, TIMES_DOUBLED = 1_000, 3
SLICE = 20
GROWN = ("answers", "unnamed", "messages", "incoming", "invitations", "technical")
FOUND = 1.6
"""Times; what is looked for among eight times as much may take that many times the work, and this."""


class NotDone(Exception):
    """Everything is as it was, for the next count."""


@pytest.fixture
def few(app: Flask) -> Survey:
    survey = open_one()
    kept.gather(survey, FEW)
    _alone(survey)
    return survey


def _alone(survey: Survey) -> None:
    """Nothing leads to a hundred more people, of whom each slice takes some."""
    with writing():
        db.session.execute(text("INSERT INTO customer (organisation_id, name, language, created_at) SELECT organisation_id, name, language, created_at FROM customer LIMIT 100"))  # fmt: skip
        db.session.execute(text("ANALYZE"))


def _grown() -> None:
    made = FEW
    for _time in range(TIMES_DOUBLED):
        with writing():
            loops.double(made, kept.COPIED)
        made *= 2
    loops.settle()


def _work(survey: Survey) -> dict[str, tuple[int, int, int]]:
    """kind → SQLite's instructions and statements of a slice, and its instructions to find everything"""
    kinds = [kind for kind in KINDS if kind.category in GROWN]
    found = {f"{kind.category}: {kind.find.__name__}": _slice(kind, survey.organisation_id) for kind in kinds}
    return {name: work for name, work in found.items() if work}


def _slice(kind: Kind, here: int) -> tuple[int, int, int] | None:
    now = clock.now()
    find = next(iter(stretches(kind, here, now)))
    db.session.rollback()
    with counted() as looking:
        ids = db.session.scalars(find.order_by(find.selected_columns[0])).all()[:SLICE]
        db.session.rollback()
    if not ids:
        return None
    with counted() as work, suppress(NotDone), writing():
        row = begun(here, kind.category, now, now).id
        _one(find, kind, ids, row, now)
        raise NotDone
    return work.steps, work.statements, looking.steps


def test_no_slice_is_more_work_among_many(few: Survey) -> None:
    """SQLite knows its tables, as after a while: that is when it chose to read all that are alike."""
    among_few = _work(few)
    assert len(among_few) >= 6, list(among_few)
    _grown()
    among_many = _work(few)
    assert among_many.keys() == among_few.keys()
    for name, (steps, statements, looking) in among_many.items():
        before, asked, looked = among_few[name]
        assert statements <= asked, name
        assert steps <= 1.3 * before + 500, (name, before, steps)
        assert looking <= FOUND * looked * 2**TIMES_DOUBLED, (name, looked, looking)
