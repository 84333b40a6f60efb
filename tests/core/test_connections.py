"""A thread that writes many times in a row keeps one connection; the session joins it when somebody asks."""

import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import event, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.database import connections
from core.database.connections import OwnConnection, run
from core.db import connection, db, one_connection, writing, writing_at_once
from core.models import Beat

both = pytest.mark.both_databases


def beat(name: str, now: datetime) -> None:
    """Written without a session."""
    connection().execute(insert(Beat), {"name": name, "started_at": now})


def names() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Beat.name)))


@pytest.fixture
def borrowed(app: Flask) -> Iterator[list[object]]:
    """Every time a connection is borrowed from the pool."""
    noted: list[object] = []

    def note(driver: object, *_rest: object) -> None:
        noted.append(driver)

    event.listen(db.engine, "checkout", note)
    yield noted
    event.remove(db.engine, "checkout", note)


@both
def test_many_transactions_borrow_once(borrowed: list[object], now: datetime) -> None:
    with one_connection():
        for n in range(5):
            with writing():
                beat(f"tick {n}", now)
    assert len(borrowed) == 1
    assert names() == {f"tick {n}" for n in range(5)}


def test_after_a_commit_that_fails_the_next_one_is_begun_anew(app: Flask, now: datetime) -> None:
    def fail(_connection: object) -> None:
        event.remove(db.engine, "commit", fail)
        raise OSError("no room on the disk")

    with one_connection():
        event.listen(db.engine, "commit", fail)
        with pytest.raises(OSError, match="no room"), writing():
            beat("lost", now)
        with writing():
            beat("kept", now)
    assert names() == {"kept"}


@both
def test_the_session_takes_part_and_sees_what_was_written(app: Flask, now: datetime) -> None:
    with one_connection(), writing():
        beat("by the connection", now)
        db.session.add(Beat(name="by the session", started_at=now))
        assert db.session.scalar(select(func.count()).select_from(Beat)) == 2
    assert names() == {"by the connection", "by the session"}


@both
def test_what_fails_leaves_nothing_by_either_way(app: Flask, now: datetime) -> None:
    def fail() -> None:
        with writing():
            beat("by the connection", now)
            db.session.add(Beat(name="by the session", started_at=now))
            db.session.flush()
            raise LookupError

    with one_connection():
        with pytest.raises(LookupError):
            fail()
        with writing():
            beat("afterwards", now)
    assert names() == {"afterwards"}


@both
def test_a_commit_that_fails_spoils_only_its_own(app: Flask, now: datetime) -> None:
    """A full disk is noticed at the COMMIT, and SQLite then stays in the middle of the transaction."""

    def full(_connection: object) -> None:
        raise LookupError

    def fail() -> None:
        with writing():
            beat("lost", now)

    with one_connection():
        event.listen(db.engine, "commit", full)
        with pytest.raises(LookupError):
            fail()
        event.remove(db.engine, "commit", full)
        with writing():
            beat("afterwards", now)
    assert names() == {"afterwards"}


@both
def test_what_the_session_only_remembers_is_written_too(app: Flask, now: datetime) -> None:
    with writing():
        db.session.add(Beat(name="tick", started_at=now))
    with one_connection(), writing():
        db.session.get_one(Beat, "tick").error = "late"
    assert db.session.get_one(Beat, "tick").error == "late"


@both
def test_outside_of_writing_it_reads_only(app: Flask, now: datetime) -> None:
    with one_connection():
        with writing():
            beat("tick", now)
        with pytest.raises(DBAPIError):
            beat("behind the back", now)
    assert names() == {"tick"}


@both
def test_another_thread_has_a_connection_of_its_own(app: Flask, now: datetime) -> None:
    done = threading.Event()

    def work() -> None:
        with app.app_context(), writing():
            beat("another thread", now)
        done.set()

    with one_connection():
        thread = threading.Thread(target=work)
        thread.start()
        assert done.wait(10)
        with writing():
            beat("this thread", now)
    thread.join()
    assert names() == {"another thread", "this thread"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_was_cut_during_a_rest_is_replaced(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "REST_SECONDS", 0.0)
    with one_connection():
        with writing():
            ours = connection().scalar(select(func.pg_backend_pid()))
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": ours})
        with writing():
            beat("tick", now)
    assert names() == {"tick"}


BEAT = "INSERT INTO beat (name, started_at) VALUES ('{}', '2026-11-26 12:00:00+00')"


def beat_at_once(own: OwnConnection, name: str, then: str = "") -> None:
    """By the bare driver; `then` is a second statement."""
    with writing_at_once(own):
        for statement in filter(None, (BEAT.format(name), then)):
            run(connection(), statement)


@both
def test_the_bare_driver_commits_what_it_is_given(app: Flask) -> None:
    with one_connection() as own:
        beat_at_once(own, "first")
        with writing():
            run(connection(), BEAT.format("second"))
        beat_at_once(own, "third")
    assert names() == {"first", "second", "third"}


@both
def test_it_is_a_writing_like_the_others(app: Flask) -> None:
    with one_connection() as own:
        with writing(), pytest.raises(RuntimeError, match="does not nest"):
            beat_at_once(own, "inside")
        with app.test_request_context("/", method="GET"), pytest.raises(RuntimeError, match="scanners"):
            beat_at_once(own, "in a GET")
    assert names() == set()


def test_sqlite_takes_all_of_it_or_nothing_and_nobody_waits_afterwards(app: Flask, now: datetime) -> None:
    """The driver's error is SQLAlchemy's, and another connection may write at once."""
    with one_connection() as own:
        with pytest.raises(IntegrityError):
            beat_at_once(own, "half", then=BEAT.format("half"))
        another_thread_writes(app, "elsewhere", now)
        beat_at_once(own, "afterwards")
    assert names() == {"elsewhere", "afterwards"}


@both
def test_whoever_listens_hears_of_it(app: Flask, now: datetime) -> None:
    """A crash, a full disk and a stopwatch of the tests are such listeners: at its BEGIN as at its COMMIT."""

    def full(_connection: object) -> None:
        raise LookupError

    with one_connection() as own:
        for moment in ("begin", "commit"):
            event.listen(db.engine, moment, full)
            with pytest.raises(LookupError):
                beat_at_once(own, f"at the {moment}")
            event.remove(db.engine, moment, full)
            another_thread_writes(app, f"elsewhere, {moment}", now)
        beat_at_once(own, "afterwards")
    assert {"elsewhere, begin", "elsewhere, commit", "afterwards"} <= names()


def test_a_commit_that_sqlite_refuses_leaves_nothing(app: Flask, now: datetime) -> None:
    """A foreign key that is looked at last fails at the COMMIT itself, which leaves the transaction open."""
    orphan = "INSERT INTO message_body (message_id, text, html, secret) VALUES (1, '', '', 0)"

    def refused(own: OwnConnection) -> None:
        with writing_at_once(own):
            for statement in ("PRAGMA defer_foreign_keys=ON", BEAT.format("lost"), orphan):
                run(connection(), statement)

    with one_connection() as own:
        with pytest.raises(IntegrityError):
            refused(own)
        another_thread_writes(app, "elsewhere", now)
        beat_at_once(own, "afterwards")
    assert names() == {"elsewhere", "afterwards"}


def another_thread_writes(app: Flask, name: str, now: datetime) -> None:
    """Within the seconds that a lock which is left behind would take."""

    def work() -> None:
        with app.app_context(), writing():
            beat(name, now)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_statement_is_a_transaction_by_itself(app: Flask) -> None:
    with one_connection() as own, writing_at_once(own):
        run(connection(), BEAT.format("tick"))
        with db.engine.connect() as other:
            assert other.scalars(select(Beat.name)).all() == ["tick"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_whether_it_works_or_fails_what_comes_after_is_whole_again(app: Flask, now: datetime) -> None:
    def half() -> None:
        with writing():
            beat("first half", now)
            raise LookupError

    with one_connection() as own:
        beat_at_once(own, "alone")
        with pytest.raises(LookupError):
            half()
        with pytest.raises(DBAPIError):
            beat_at_once(own, "alone")
        with pytest.raises(LookupError):
            half()
        with writing():
            beat("tick", now)
    assert names() == {"alone", "tick"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_is_cut_says_so(app: Flask) -> None:
    """And not that it is in the wrong state for what comes after."""

    def cut(own: OwnConnection) -> None:
        with writing_at_once(own):
            [ours] = run(connection(), "SELECT pg_backend_pid()").fetchone()
            with db.engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": ours})
            run(connection(), "SELECT 1")

    with one_connection() as own, pytest.raises(DBAPIError, match="terminat"):
        cut(own)


def test_sqlite_hears_once_that_it_may_write(app: Flask, now: datetime) -> None:
    """A pragma makes it compile every statement anew, which costs more than running it."""
    said: list[str] = []
    with one_connection():
        with writing():
            beat("first", now)
            driver = connection().connection.driver_connection
            assert driver
        driver.set_trace_callback(said.append)
        with writing():
            beat("second", now)
        driver.set_trace_callback(None)
    assert [words.split()[0] for words in said] == ["BEGIN", "INSERT", "COMMIT"]
