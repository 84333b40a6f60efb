"""The SQLite file that tests hand on, and the connections to it: whatever one did to them, the next finds them new."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app import create_app
from core.application import bare_app
from core.db import db, writing
from core.settings import Settings
from tests.applications import Lent, pushed
from tests.cast import make_cast
from tests.conftest import SECRET
from tests.emptied_file import EmptiedFile
from tests.loop import answered, opened_survey
from triage.commenting import comments_of
from triage.indexing import index

MORE_THAN_ROWS = (
    "CREATE TABLE more (id int)",
    "ALTER TABLE organisation ADD COLUMN more int",
    "CREATE INDEX more ON organisation (name)",
    "DROP TRIGGER comment_index_insert",
    "UPDATE alembic_version SET version_num = '0001'",
    "DELETE FROM alembic_version",
    "ANALYZE",
    "PRAGMA user_version=7",
)


@pytest.fixture
def emptied(sqlite_template: Path, tmp_path: Path) -> EmptiedFile:
    return EmptiedFile(sqlite_template, tmp_path / "handed_on" / "one.db")


def rows(file: Path) -> list[str]:
    """All that stands in it, in the words that would make it again."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def ask(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(sql)


def lived_in(address: str, now: datetime) -> None:
    """Somebody made a survey, and a comment came that can be found by its words."""
    with pushed(create_app(Settings(database_url=address, secret_key=SECRET))), writing():
        response = answered(opened_survey(make_cast(now), now), now)
        index(c.id for c in comments_of(response))


def test_nothing_is_left_of_what_was_written(emptied: EmptiedFile, now: datetime) -> None:
    address = emptied.taken()
    new, known = rows(emptied.file), emptied.file.stat().st_ino
    lived_in(address, now)
    assert rows(emptied.file) != new
    assert (emptied.taken(), rows(emptied.file)) == (address, new)
    assert emptied.file.stat().st_ino == known


def test_what_lies_beside_it_is_gone(emptied: EmptiedFile) -> None:
    emptied.taken()
    (emptied.file.parent / "left").mkdir()
    (emptied.file.parent / "left" / "behind").touch()
    emptied.file.with_name("left.json").touch()
    emptied.taken()
    assert not [f for f in emptied.file.parent.iterdir() if not f.name.startswith("one.db")]


@pytest.mark.parametrize("change", MORE_THAN_ROWS)
def test_where_more_than_rows_was_changed_a_new_one_is_made(emptied: EmptiedFile, change: str) -> None:
    emptied.taken()
    new = rows(emptied.file)
    ask(emptied.file, change)
    emptied.taken()
    assert rows(emptied.file) == new


def test_where_somebody_still_writes_a_new_one_is_made(emptied: EmptiedFile) -> None:
    emptied.taken()
    new, known = rows(emptied.file), emptied.file.stat().st_ino
    with closing(sqlite3.connect(emptied.file, isolation_level=None)) as late:
        late.execute("BEGIN IMMEDIATE")
        emptied.taken()
        assert emptied.file.stat().st_ino != known
    assert rows(emptied.file) == new


@pytest.mark.parametrize("spoil", [Path.unlink, lambda file: file.write_bytes(b"no database")])
def test_one_that_is_gone_or_broken_is_made_anew(
    emptied: EmptiedFile, spoil: Callable[[Path], object]
) -> None:
    emptied.taken()
    new = rows(emptied.file)
    spoil(emptied.file)
    emptied.taken()
    assert rows(emptied.file) == new


def test_after_a_test_that_failed_a_new_one_is_made(emptied: EmptiedFile) -> None:
    emptied.taken(failed=0)
    with emptied.file.open("rb"):  # as long as somebody has it open, no other file gets its number
        known = emptied.file.stat().st_ino
        emptied.taken(failed=1)
        second = emptied.file.stat().st_ino
        emptied.taken(failed=1)
        assert (second != known, emptied.file.stat().st_ino) == (True, second)


def kept(lent: Lent) -> int:
    """How many connections are there for the next."""
    pool = lent._engine.pool
    return int(pool.checkedin())  # type: ignore[attr-defined]


@pytest.fixture
def used(emptied: EmptiedFile) -> Lent:
    """An application that was lent, and asked its database for something."""
    lent = Lent(bare_app(Settings(database_url=emptied.taken(), secret_key=SECRET)))
    with lent.taken().app_context():
        read()
        db.session.remove()
    return lent


def read() -> None:
    db.session.execute(text("SELECT 1"))


def test_a_connection_stays_for_the_next(used: Lent) -> None:
    used.back()
    assert kept(used) == 1
    used.taken()
    assert kept(used) == 1
    used.let_go()


@pytest.mark.parametrize(
    "pragma",
    ["foreign_keys=OFF", "max_page_count=500", "busy_timeout=1", "synchronous=FULL", "query_only=OFF"],
)
def test_one_that_was_told_something_else_does_not(used: Lent, pragma: str) -> None:
    with used.app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # in a transaction some of these say nothing
        connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("BEGIN")
    used.back()
    assert kept(used) == 0


def test_one_that_somebody_still_has_does_not(used: Lent) -> None:
    with used.app.app_context(), db.engine.connect():
        used.back()
    assert kept(used) == 0


def test_one_to_a_file_that_is_not_there_any_more_does_not(used: Lent, emptied: EmptiedFile) -> None:
    used.back()
    emptied.taken(failed=1)
    used.taken()
    assert kept(used) == 0
