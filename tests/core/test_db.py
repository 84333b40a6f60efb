"""One way to write; everything else reads, and the database itself sees to it."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import Context
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from core.db import db, writing
from core.models import Beat, Organisation
from tests.cast import Cast, make_organisation

both = pytest.mark.both_databases
LEAVE_A_PULSE = text("INSERT INTO beat (name, started_at) VALUES ('x', '2026-11-23 09:30:00')")


@pytest.fixture
def app(app_of_its_own: Flask) -> Flask:
    """Routes are added to it."""
    return app_of_its_own


def test_every_connection_of_the_pool_has_its_manners(app: Flask) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 1,
        "wal_autocheckpoint": 4_000,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }
    with ExitStack() as held:
        for _ in range(25):
            connection = held.enter_context(db.engine.connect())
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted}
            assert found == wanted


@both
def test_the_database_refuses_a_write_outside_of_writing(app: Flask) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.execute(LEAVE_A_PULSE)
    db.session.rollback()
    with db.engine.connect() as connection, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        connection.execute(LEAVE_A_PULSE)


@both
def test_the_same_connection_reads_only_again_after_a_write(app: Flask) -> None:
    for _ in range(3):
        with writing():
            db.session.execute(text("DELETE FROM beat"))
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            db.session.execute(text("DELETE FROM beat"))
        db.session.rollback()


@both
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_request_that_only_asks_cannot_begin_to_write(app: Flask, method: str) -> None:
    with (
        app.test_request_context("/", method=method),
        pytest.raises(RuntimeError, match=f"{method} / tried to write"),
        writing(),
    ):
        pytest.fail("it wrote")


@both
def test_a_page_that_writes_behind_the_back_of_writing_is_refused_by_the_database(
    app: Flask, now: datetime
) -> None:
    app.testing = False
    app.add_url_rule("/sly", view_func=lambda: str(make_organisation("sly", now)))
    assert Context().run(app.test_client().get, "/sly").status_code in {500, 503}
    assert db.session.scalar(select(Organisation.id)) is None


def half_written(now: datetime, then: BaseException | Callable[[], object]) -> None:
    with writing():
        make_organisation("half", now)
        if isinstance(then, BaseException):
            raise then
        then()


@both
def test_what_is_written_is_there_and_what_fails_is_not(app: Flask, now: datetime) -> None:
    with writing():
        make_organisation("kept", now)
    with pytest.raises(ZeroDivisionError):
        half_written(now, ZeroDivisionError())
    assert db.session.scalars(select(Organisation.slug)).all() == ["kept"]


@both
def test_an_interrupt_leaves_nothing_behind(app: Flask, now: datetime) -> None:
    with pytest.raises(KeyboardInterrupt):
        half_written(now, KeyboardInterrupt())
    with writing():
        make_organisation("next", now)
    assert db.session.scalars(select(Organisation.slug)).all() == ["next"]


@both
def test_a_broken_rule_gives_up_the_whole_unit(app: Flask, people: Cast, now: datetime) -> None:
    with pytest.raises(IntegrityError):
        half_written(now, lambda: make_organisation("webshop", now))
    assert set(db.session.scalars(select(Organisation.slug))) == {"webshop", "housing"}


def test_writing_does_not_nest(app: Flask, now: datetime) -> None:
    with pytest.raises(RuntimeError, match="does not nest"), writing(), writing():
        pytest.fail("it nested")
    with writing():
        make_organisation("after", now)


@both
def test_what_was_read_before_is_read_again(app: Flask, people: Cast) -> None:
    """Somebody else may have changed it while we waited for our turn."""
    held = people.webshop
    assert held.name == "Webshop"
    elsewhere(app, lambda: setattr(db.session.get_one(Organisation, 1), "name", "Renamed"))
    with writing():
        assert held.name == "Renamed"


def elsewhere(app: Flask, change: Callable[[], object]) -> None:
    """Do it in a thread with a session of its own, and wait for it."""

    def work() -> None:
        with app.app_context(), writing():
            change()

    thread = threading.Thread(target=Context().run, args=(work,))
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


def test_while_one_thread_writes_another_may_only_read(app: Flask, people: Cast) -> None:
    refusals: list[str] = []

    def read_then_write() -> None:
        with app.app_context():
            assert db.session.scalars(select(Organisation.id)).all()
            try:
                db.session.execute(LEAVE_A_PULSE)
            except DBAPIError as refused:
                refusals.append(str(refused.orig))

    with writing():
        db.session.execute(text("DELETE FROM beat"))
        thread = threading.Thread(target=Context().run, args=(read_then_write,))
        thread.start()
        thread.join(10)
    assert refusals == ["attempt to write a readonly database"]


def test_writers_of_one_process_take_turns(app: Flask, now: datetime) -> None:
    """Each adds one to what it read; none is lost."""

    def add() -> None:
        with app.app_context():
            for _ in range(10):
                with writing():
                    organisation = db.session.scalars(select(Organisation)).one()
                    organisation.name = str(int(organisation.name) + 1)

    with writing():
        make_organisation("counter", now).name = "0"
    threads = [threading.Thread(target=Context().run, args=(add,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert db.session.scalars(select(Organisation.name)).one() == "40"


@both
def test_a_moment_comes_back_as_it_was_in_utc(app: Flask) -> None:
    summer = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with writing():
        db.session.add(Beat(name="x", started_at=summer))
    found = db.session.scalars(select(Beat.started_at)).one()
    assert (found, found.tzinfo) == (summer, UTC)


@both
def test_a_moment_without_a_zone_is_refused_rather_than_guessed_at(app: Flask) -> None:
    naive = datetime(2026, 7, 1)  # noqa: DTZ001 - that is the point
    with pytest.raises(StatementError, match="a moment needs a time zone"), writing():
        db.session.add(Beat(name="x", started_at=naive))
