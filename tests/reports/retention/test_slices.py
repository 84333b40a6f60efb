"""Whoever answers waits for no look at what is past its time, and for no slice of what is forgotten longer than a moment."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from accounts.models import StaffSession
from core import keeping
from core.db import db, writing
from core.models_keeping import Forgetting
from reports.retention import keeping as periods
from reports.retention import stretches
from reports.retention.forgetting import Pace, counted, forget
from reports.retention.keeping_jobs import forget_past_time
from reports.retention.past_time import KINDS
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast, added
from tests.loop import answered, decided, settled

DAY = timedelta(days=1)
LATER = timedelta(days=6 * 365)
SLOWLY = 0.01
"""Seconds that each changed row takes in a slow database."""
COUNTING = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 20000) SELECT x FROM c"
TRIGGERS = {
    "sqlite": (f"CREATE TRIGGER slow AFTER UPDATE ON response BEGIN SELECT count(*) FROM ({COUNTING}); END",),
    "postgresql": (
        f"CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep({SLOWLY}); RETURN NULL; END'",
        "CREATE TRIGGER slow AFTER UPDATE ON response FOR EACH ROW EXECUTE FUNCTION slow()",
    ),
}


@pytest.fixture
def old(people: Cast, survey: Survey, now: datetime) -> int:
    """So many answers that were told."""
    with writing():
        for minute in range(32):
            settled(answered(survey, now + timedelta(minutes=minute)), decided(people, now), now)
        db.session.execute(text("UPDATE promise SET ended_at = due_at, ended_as = 'cancelled'"))
    return 32


def slices(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """What the log says of each: its rows and its milliseconds."""
    said = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [each for each in said if each["event"] in {"a slice", "a long transaction"}]


@pytest.mark.both_databases
def test_where_the_database_is_slow_the_next_slice_is_smaller(
    people: Cast, old: int, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with writing():
        for statement in TRIGGERS[db.engine.dialect.name]:
            db.session.execute(text(statement))
    with caplog.at_level(logging.DEBUG):
        assert forget(people.webshop.id, "answers", now + LATER, now + LATER) == old
    first, second, *rest = slices(caplog)
    assert (first["rows"], first["milliseconds"] > 125) == (20, True), "this database is slow"
    assert second["rows"] == max(5, 20 * 100 // first["milliseconds"])
    assert sum(each["rows"] for each in (second, *rest)) == 12
    long = [each for each in slices(caplog) if each["milliseconds"] > 250]
    assert [each["event"] for each in long] == ["a long transaction"] * len(long), "named, with its rows"


def test_slices_are_as_large_as_would_have_been_right() -> None:
    pace = Pace()
    steps = (
        (10, 20, 40),
        (59, 40, 80),
        (90, 80, 80),
        (126, 80, 63),
        (400, 63, 15),
        (150, 3, 5),
        (900, 5, 5),
        (9, 2, 5),
        (9, 5, 10),
    )
    for milliseconds, done, size in steps:
        pace.took(milliseconds, done)
        assert pace.size == size
    assert pace.longest == 900


@pytest.mark.both_databases
def test_what_is_found_is_the_same_by_stretches_and_whole(
    people: Cast, old: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = now + LATER
    for stretch in (1, 3, 7, 1000):
        monkeypatch.setattr(stretches, "STRETCH", stretch)
        for kind in KINDS:
            whole = set(db.session.scalars(kind.find(people.webshop.id, until)))
            parts = [
                set(db.session.scalars(each)) for each in stretches.stretches(kind, people.webshop.id, until)
            ]
            assert set().union(*parts) == whole
            assert sum(map(len, parts)) == len(whole) == stretches.many(kind, people.webshop.id, until)


def test_every_row_is_gone_also_where_a_stretch_ends_within_what_is_old(
    people: Cast, old: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "STRETCH", 7)
    assert forget(people.webshop.id, "answers", now + LATER, now + LATER) == old
    assert counted(people.webshop.id, now + LATER, keeping.kept(people.webshop.id)).get("answers") == 0
    row = db.session.scalars(select(Forgetting)).one()
    assert (row.n, bool(row.finished_at)) == (old, True)


def test_a_table_of_others_is_passed_over_a_stretch_at_a_time(
    people: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sign-ins say nothing of an organisation: they are counted with everybody's."""
    monkeypatch.setattr(stretches, "STRETCH", 2)
    with writing():
        for n in range(5):
            added(StaffSession(staff_id=people.charlie.id, key_hash=str(n), created_at=now - 400 * DAY))
        added(StaffSession(staff_id=people.alice.id, key_hash="hers", created_at=now - 400 * DAY))
    assert forget(people.webshop.id, "sign_ins", now - 100 * DAY, now) == 1
    assert len(db.session.scalars(select(StaffSession.id)).all()) == 5


def test_nothing_is_written_where_nothing_is_old(people: Cast, old: int, now: datetime) -> None:
    assert forget(people.webshop.id, "answers", now - DAY, now) == 0
    assert db.session.scalars(select(Forgetting)).all() == []


@pytest.fixture
def counted_while(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Of each count of what would go: whether others had to wait for it."""
    from core.db import _writing

    seen: list[bool] = []

    def look(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "count(*)" in statement and "response" in statement:
            seen.append(bool(_writing.get()))

    event.listen(db.engine, "before_cursor_execute", look)
    yield seen
    event.remove(db.engine, "before_cursor_execute", look)


def test_nobody_waits_while_it_is_counted_what_managers_are_told(
    people: Cast, old: int, now: datetime, counted_while: list[bool]
) -> None:
    forget_past_time(now + LATER)
    db.session.rollback()
    row = keeping.row_of(people.webshop.id)
    assert row
    assert "answers" in row.begins
    assert counted_while
    assert not any(counted_while)


def test_two_clocks_write_to_managers_once(people: Cast, old: int, now: datetime) -> None:
    found = periods.coming(people.webshop, now + LATER)
    assert found["answers"] == old
    for first in (True, False):
        with writing():
            told = periods.announce(periods.own_row(people.webshop.id), found, now + LATER)
        assert bool(told) is first


def test_an_answer_of_today_is_in_the_last_stretch(people: Cast, survey: Survey, now: datetime) -> None:
    """Whatever is written after a stretch was begun has a larger number than all that were there."""
    with writing():
        answered(survey, now)
    (kind,) = [k for k in KINDS if k.category == "answers"]
    each = stretches.stretches(kind, people.webshop.id, now + LATER)
    assert len(list(each)) == 1
    assert db.session.scalar(select(Response.id))
