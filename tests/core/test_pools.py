"""Connections to a SQLite file keep to one purpose, so that none is told again and again what it is."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from core.database.pools import ByPurpose
from core.db import db, writing


@pytest.fixture
def said(app: Flask) -> Iterator[list[str]]:
    """Every pragma of purpose that any connection was told."""
    pragmas: list[str] = []

    def listen(connection: Any, _record: Any) -> None:
        connection.set_trace_callback(lambda sql: pragmas.append(sql) if "query_only" in sql else None)

    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", listen)
    yield pragmas
    event.remove(db.engine, "connect", listen)
    db.session.remove()
    db.engine.dispose()


def read() -> None:
    db.session.execute(text("SELECT 1"))
    db.session.rollback()


def write(name: str = "Webshop") -> None:
    with writing():
        db.session.execute(text("UPDATE organisation SET name = :name"), {"name": name})


def test_reading_and_writing_in_turns_says_it_once_to_each(said: list[str]) -> None:
    for _n in range(5):
        read()
        write()
    assert said == ["PRAGMA query_only=ON", "PRAGMA query_only=OFF"]
    assert isinstance(db.engine.pool, ByPurpose)
    assert db.engine.pool.checkedin() == 2


def test_the_one_that_was_used_last_is_used_next(app: Flask, said: list[str]) -> None:
    """It has the pages of the file at hand, and needs to read only what others wrote meanwhile."""
    with db.engine.connect() as first, first.begin():
        last = first.connection.driver_connection
        with db.engine.connect() as second, second.begin():
            assert second.connection.driver_connection is not last
    for _n in range(3):
        with db.engine.connect() as again, again.begin():
            assert again.connection.driver_connection is last


def test_one_that_reads_still_cannot_write(said: list[str]) -> None:
    write()
    read()
    with pytest.raises(DBAPIError, match="readonly"):
        db.session.execute(text("DELETE FROM organisation"))
    db.session.rollback()


def test_many_at_once_take_what_there_is(app: Flask, said: list[str]) -> None:
    """More than there is room for change their purpose, and nobody waits for ever."""
    failed: list[BaseException] = []

    def both() -> None:
        try:
            with app.app_context():
                for _n in range(3):
                    read()
                    write()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=both) for _n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_connection_that_cannot_be_made_leaves_its_place_free(said: list[str]) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError("no more files")

    read()
    event.listen(db.engine, "do_connect", refuse)
    with pytest.raises(OSError, match="no more files"):
        write()
    event.remove(db.engine, "do_connect", refuse)
    write()
    assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
