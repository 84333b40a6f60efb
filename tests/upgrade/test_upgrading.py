"""A database of an earlier version is upgraded in place: nobody is forgotten, nothing is sent again."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Connection, inspect, select, text

from core import schema
from core.application import bare_app
from core.db import db, writing
from core.models import Organisation
from core.settings import Settings
from followup.composing import compose_due
from followup.digests.models import DigestAction
from followup.digests.retelling_digests import compose_digest_corrections
from followup.no_news import compose_moves
from followup.receipts import compose_receipts
from followup.sweeping import sweep
from outbox.models import Message, MessageBody
from tests import postgresql
from tests.applications import pushed
from tests.conftest import SECRET
from tests.upgrade.making import HERE, NOW, facts

pytestmark = pytest.mark.both_databases
KEPT = sorted(HERE.glob("*.sql"))


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    folder = request.getfixturevalue("postgresql_folder")
    postgresql.command(folder, "CREATE DATABASE old")
    yield postgresql.url(folder, "old")
    postgresql.command(folder, "DROP DATABASE old WITH (FORCE)")


@pytest.fixture(params=KEPT, ids=lambda file: file.stem)
def old(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A house of an earlier version, as somebody has it who did not upgrade yet."""
    file: Path = request.param
    with pushed(bare_app(Settings(database_url=database_url, data_dir=tmp_path, secret_key=SECRET))) as app:
        with writing(), db.engine.connect() as connection, connection.begin():
            _build(connection, file)
        app.extensions["wanted"] = json.loads(file.with_suffix(".json").read_text())
        yield app


def _build(connection: Connection, file: Path) -> None:
    """The schema of its time, by the migrations up to then; and its rows."""
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, file.stem.rpartition("_")[2])
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    for statement in file.read_text().split(";\nINSERT "):
        connection.exec_driver_sql(statement if statement.startswith("INSERT ") else f"INSERT {statement}")
    if connection.dialect.name == "postgresql":
        _advance(connection)


def _advance(connection: Connection) -> None:
    """Numbers of new rows go on after those that were loaded."""
    serial = "SELECT table_name FROM information_schema.columns WHERE column_name = 'id' AND column_default IS NOT NULL"
    for (table,) in connection.execute(text(f"{serial} AND table_schema = 'public'")).all():
        highest = f"SELECT max(id) FROM {table}"
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(({highest}), 1))")
        )


def organisation_id() -> int:
    return db.session.scalars(select(Organisation.id).where(Organisation.slug == "webshop")).one()


def test_it_upgrades_in_place_and_everybody_is_still_accounted_for(old: Flask) -> None:
    schema.upgrade()
    assert schema.state() == "current"
    found, wanted = facts(organisation_id()), old.extensions["wanted"]
    assert found == wanted
    assert wanted["adds_up"]


def test_what_was_told_is_not_told_again(old: Flask) -> None:
    """A first round of every tick that composes, in the minute after the upgrade."""
    schema.upgrade()
    minute = NOW + timedelta(days=7, hours=5, minutes=1)
    assert [tick(minute) for tick in (compose_receipts, compose_due, compose_moves, sweep)] == [0] * 4
    assert facts(organisation_id())["adds_up"]


def test_every_message_keeps_its_words(old: Flask) -> None:
    """The file was made with the subject for a body."""
    schema.upgrade()
    messages = db.session.scalars(select(Message)).all()
    assert messages
    assert {m.id: (m.text, m.html) for m in messages} == {
        m.id: (m.subject, f"<p>{m.subject}</p>") for m in messages
    }


MANY = 2_500
"""More than two slices of the migration that gives them a table of their own, and a gap as long as one."""


def test_the_words_of_many_messages_are_moved(old: Flask) -> None:
    with writing(), db.engine.connect() as connection, connection.begin():
        first = connection.scalar(text("SELECT max(id) FROM message")) or 0
        connection.execute(text(_copies(connection, first)), {"many": MANY})
    schema.upgrade()
    moved = select(MessageBody.message_id, MessageBody.text, MessageBody.secret)
    found = db.session.execute(moved.where(MessageBody.message_id > first)).all()
    assert sorted(found) == [
        (first + n, f"words {n}", n % 7 == 0) for n in range(1, MANY + 1) if not 400 < n <= 1_500
    ]


def _copies(connection: Connection, first: int) -> str:
    """Of one row, with words, a number and a key of their own; some hold a one-time link."""
    names = [column["name"] for column in inspect(connection).get_columns("message")]
    new = {
        "id": f"{first} + n",
        "key": "'copy ' || n",
        "text": "'words ' || n",
        "secret": "n % 7 = 0",
    }
    columns = ", ".join(new.get(name, f"one.{name}") for name in names)
    return (
        "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :many) "
        f"INSERT INTO message ({', '.join(names)}) SELECT {columns} FROM number, "
        f"(SELECT * FROM message WHERE id = {first}) AS one WHERE NOT (n > 400 AND n <= 1500)"
    )


def test_what_a_digest_told_by_its_words_or_on_its_page_is_written_down(old: Flask) -> None:
    """Nobody is told again by that; who was told what is planned hears what comes of it."""
    with writing(), db.engine.connect() as connection, connection.begin():
        plan = connection.scalar(text("SELECT min(t.action_id) FROM tag t JOIN action a ON a.id = t.action_id WHERE a.kind <> 'thanks'"))  # fmt: skip
        words = json.dumps({"nl": "U zei dozen. Betere dozen."})
        connection.execute(text("UPDATE round SET digest = :words"), {"words": words})
        note = json.dumps({"nl": "Betere dozen.", "en": "{due_on}"})
        connection.execute(text("UPDATE action SET public_note = :note, kind = 'planned', due_on = '2026-12-24' WHERE id = :id"), {"note": note, "id": plan})  # fmt: skip
    schema.upgrade()
    found = db.session.scalars(select(DigestAction).where(DigestAction.action_id == plan)).all()
    assert [(row.kind, str(row.due_on)) for row in found] == [("planned", "2026-12-24")] * len(found)
    assert found
    minute = NOW + timedelta(days=7, hours=5, minutes=1)
    assert compose_digest_corrections(minute) == 0
