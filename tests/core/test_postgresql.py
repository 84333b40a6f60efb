"""PostgreSQL plans what it is asked again and again once a connection, also where each transaction only reads."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.db import db, writing
from core.postgresql import Dialect

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
