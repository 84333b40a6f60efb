"""PostgreSQL plans what it is asked again and again once a connection, also where each transaction only reads."""

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.database.postgresql import Dialect
from core.db import db, writing

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ASKED = text("SELECT count(*) FROM beat WHERE name = :name")
PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM beat%'")


def ask(times: int) -> None:
    """So many pages, of which each begins and ends a transaction."""
    for _ in range(times):
        db.session.execute(ASKED, {"name": "clock"})
        db.session.rollback()


def half_written() -> None:
    with writing():
        db.session.execute(text("INSERT INTO beat (name, started_at) VALUES ('clock', now())"))
        raise ZeroDivisionError


def test_what_many_pages_asked_is_prepared(app: Flask) -> None:
    ask(10)
    assert db.session.scalar(PREPARED) == 1


def test_where_one_failed_all_are_prepared_anew(app: Flask) -> None:
    ask(10)
    with pytest.raises(DBAPIError, match="read-only"):
        db.session.execute(text("DELETE FROM beat"))
    db.session.rollback()
    ask(1)
    assert db.session.scalar(PREPARED) == 0


def test_what_wrote_and_failed_is_taken_back(app: Flask) -> None:
    ask(10)
    with pytest.raises(ZeroDivisionError):
        half_written()
    assert db.session.scalar(ASKED, {"name": "clock"}) == 0


def test_whatever_the_address_calls_it_it_is_spoken_to_so(app: Flask) -> None:
    assert isinstance(db.engine.dialect, Dialect)


def test_a_column_that_became_another_is_read_again_after_one_failure(app: Flask, database_url: str) -> None:
    """By a migration of a newer version, while this process runs."""
    named = text("SELECT name FROM beat")
    for _ in range(10):
        db.session.execute(named)
        db.session.rollback()
    with psycopg.connect(database_url) as newer:
        newer.execute("ALTER TABLE beat ALTER name TYPE text")
    with pytest.raises(DBAPIError, match="cached plan"):
        db.session.execute(named)
    db.session.rollback()
    assert db.session.execute(named).all() == []
