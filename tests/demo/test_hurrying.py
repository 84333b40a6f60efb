"""The disk is hurried only while an empty installation is filled, and never a moment longer."""

import pytest
from flask import Flask, current_app
from sqlalchemy import text

from core.db import db, writing
from core.models import Organisation
from demo.hurrying import hurrying
from tests.cast import Cast
from tests.demo.played import NOW

OFF, NORMAL = 0, 1


@pytest.fixture
def app(app_of_its_own: Flask) -> Flask:
    """How hurried its connections are is what is asked here."""
    return app_of_its_own


def waits() -> int:
    """How SQLite waits for the disk in this session; what `writing()` does goes along with it."""
    db.session.rollback()
    found = db.session.execute(text("PRAGMA synchronous")).scalar_one()
    db.session.rollback()
    assert current_app.extensions["turns"].lasting == (found != OFF)
    return int(found)


def test_an_empty_installation_is_filled_in_a_hurry(app: Flask) -> None:
    with hurrying():
        assert waits() == OFF
    assert waits() == NORMAL


def test_it_lasts_over_many_transactions(app: Flask) -> None:
    with hurrying():
        for number in range(3):
            with writing():
                db.session.add(Organisation(slug=f"house-{number}", name="House", created_at=NOW))
            assert waits() == OFF
    assert waits() == NORMAL
    assert db.session.query(Organisation).count() == 3


def test_an_installation_with_people_in_it_is_not_hurried(app: Flask, people: Cast) -> None:
    with hurrying():
        assert waits() == NORMAL


def test_what_fails_meanwhile_leaves_no_hurry_behind(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="halfway"), hurrying():
        raise RuntimeError("halfway")
    assert waits() == NORMAL


def test_every_connection_of_later_has_its_manners_back(app: Flask) -> None:
    with hurrying():
        waits()
    with db.engine.connect() as one, db.engine.connect() as other:
        for connection in (one, other):
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == NORMAL
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@pytest.mark.both_databases
def test_on_either_database_what_was_written_is_there(app: Flask) -> None:
    with hurrying(), writing():
        db.session.add(Organisation(slug="house", name="House", created_at=NOW))
    assert db.session.query(Organisation).count() == 1
