"""What is looked at by itself: as it stands at that moment, by a connection that cannot write, and that is replaced when it was cut."""

from datetime import datetime
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, event, select, text
from sqlalchemy.exc import DBAPIError

from core import rows
from core.database.glances import Glances, glances
from core.db import db, writing
from core.models import Beat

pytestmark = pytest.mark.both_databases
_BEAT = select(Beat.name).where(Beat.name == bindparam("name"))


@pytest.fixture
def looked(app: Flask) -> Glances:
    """Somebody looked before: a connection rests."""
    glances().close()
    seen("nothing")
    assert len(glances()._resting) == 1
    return glances()


def seen(name: str) -> bool:
    return rows.stored(_BEAT, name=name) is not None


def leave(name: str, now: datetime) -> None:
    with writing():
        db.session.add(Beat(name=name, started_at=now))


def test_it_sees_what_was_committed_a_moment_ago(looked: Glances, now: datetime) -> None:
    assert not seen("tick")
    leave("tick", now)
    assert seen("tick")


def test_it_begins_no_transaction(looked: Glances) -> None:
    begun: list[object] = []
    note = begun.append
    event.listen(db.engine, "begin", note)
    seen("tick")
    event.remove(db.engine, "begin", note)
    assert not begun
    assert not db.session.registry.has() or not db.session().in_transaction()


def test_who_writes_sees_what_is_not_committed(looked: Glances, now: datetime) -> None:
    with writing():
        db.session.add(Beat(name="tick", started_at=now))
        assert seen("tick")
        db.session.rollback()
    assert not seen("tick")


def test_who_reads_already_goes_on_reading_in_the_same_transaction(looked: Glances) -> None:
    db.session.execute(text("SELECT 1"))
    held = looked._resting.pop()
    assert not seen("tick"), "no other connection looked"
    assert not looked._resting
    looked._resting.append(held)


def test_the_database_refuses_a_write_by_it(looked: Glances) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        looked.rows("INSERT INTO beat (name, started_at) VALUES ('x', '2026-11-23 09:30:00')", ())
    assert not seen("x")


def test_one_that_was_cut_is_replaced_unseen(looked: Glances, now: datetime) -> None:
    leave("tick", now)
    looked._resting[0].close()
    assert seen("tick")
    assert len(looked._resting) == 1


def test_many_look_at_the_same_moment(app: Flask, looked: Glances, now: datetime) -> None:
    leave("tick", now)
    found: list[bool] = []

    def look() -> None:
        with app.app_context():
            found.extend(seen("tick") for _ in range(20))

    threads = [Thread(target=look) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [True] * 160
    assert 1 <= len(looked._resting) <= 8


def test_they_end_with_the_engine(looked: Glances) -> None:
    rested: Any = looked._resting[0]
    db.engine.dispose()
    assert not looked._resting
    with pytest.raises(glances().dialect.loaded_dbapi.Error):
        rested.execute("SELECT 1")
