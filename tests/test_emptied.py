"""The database on PostgreSQL that tests hand on: whatever one did to it, the next finds it new."""

from collections.abc import Iterator
from datetime import datetime

import psycopg
import pytest

from core.application import bare_app
from core.db import writing
from core.settings import Settings
from tests.applications import pushed
from tests.cast import make_cast
from tests.conftest import SECRET
from tests.emptied import Emptied
from tests.postgresql import command, url

NAME = "handed_on"
MORE_THAN_ROWS = (
    "CREATE TABLE more (id int)",
    "ALTER TABLE organisation ADD COLUMN more int",
    "ALTER TABLE survey DROP CONSTRAINT fk_survey_organisation_id_organisation",
    "CREATE INDEX more ON organisation (name)",
    "CREATE FUNCTION more() RETURNS int LANGUAGE sql RETURN 1",
    "DROP TABLE alembic_version",
    "UPDATE alembic_version SET version_num = '0001'",
    "ANALYZE alembic_version",
)


@pytest.fixture
def emptied(postgresql_folder: str) -> Iterator[Emptied]:
    yield Emptied(postgresql_folder, NAME)
    command(postgresql_folder, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def people(address: str, now: datetime) -> int:
    """The id of a colleague of those who come first."""
    with pushed(bare_app(Settings(database_url=address, secret_key=SECRET))), writing():
        return make_cast(now).alice.id


def which(address: str) -> int:
    """The number by which PostgreSQL knows this database: another one for each that is made."""
    return int(str(rows(address, "SELECT oid FROM pg_database WHERE datname = current_database()")[0][0]))


def rows(address: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def test_the_next_counts_from_one_in_the_same_database(emptied: Emptied, now: datetime) -> None:
    address = emptied.taken()
    known, first = which(address), people(address, now)
    emptied.back()
    assert emptied.taken() == address
    assert (which(address), people(address, now)) == (known, first)


def test_nothing_is_left_of_what_was_written(emptied: Emptied, now: datetime) -> None:
    people(emptied.taken(), now)
    emptied.back()
    address = emptied.taken()
    tables = [
        str(name) for (name,) in rows(address, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    left = {table for table in tables if rows(address, f"SELECT 1 FROM {table}")}
    assert (len(tables) > 50, left) == (True, {"alembic_version"})


def test_what_was_taken_back_counts_nowhere(emptied: Emptied) -> None:
    """A number is used up by a row that was never committed too."""
    address = emptied.taken()
    rows(address, "SELECT nextval('organisation_id_seq')")
    emptied.back()
    assert rows(emptied.taken(), "SELECT nextval('organisation_id_seq')") == [(1,)]


def test_who_is_still_there_is_sent_away(emptied: Emptied) -> None:
    with psycopg.connect(emptied.taken()) as late:
        late.execute("SELECT * FROM organisation")
        emptied.back()
        with pytest.raises(psycopg.OperationalError):
            late.execute("SELECT 1")


@pytest.mark.parametrize("change", MORE_THAN_ROWS)
def test_where_more_than_rows_was_changed_a_new_one_is_made(emptied: Emptied, change: str) -> None:
    known = which(emptied.taken())
    with psycopg.connect(url(emptied.folder, NAME), autocommit=True) as connection:
        connection.execute(change.encode())
    emptied.back()
    address = emptied.taken()
    assert which(address) != known
    assert rows(address, "SELECT count(*) FROM alembic_version") == [(1,)]
