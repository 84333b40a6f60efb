"""The schema beside the code: an empty database is made, an older one is upgraded under a lock, a newer one is refused."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from core import backup, schema
from core.application import bare_app
from core.db import db, writing
from core.errors import DomainError
from core.settings import ROOT, Settings, settings
from outbox.holding import held
from outbox.models import Message
from promises.models import Update
from tests.cast import Cast
from tests.loop import answered, opened_survey
from tests.postgresql import command, url

NEXT = '''
"""A later version: it changes a table that others refer to, and adds one."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", "{before}"

def upgrade():
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("message", recreate=anew) as table:
        table.add_column(sa.Column("colour", sa.String(20), nullable=True))
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
    {more}
'''
BREAK = "op.execute('DELETE FROM organisation')"
FAIL = "op.execute('SELECT * FROM nowhere')"


@pytest.fixture
def later_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The code of one version later, which this database is older than; returns the file of its migration."""
    root = tmp_path / "later"
    shutil.copytree(ROOT / "migrations", root / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    head = max(f.name.split("_")[0] for f in (root / "migrations" / "versions").glob("*.py"))
    monkeypatch.setattr(schema, "ROOT", root)
    file = root / "migrations" / "versions" / "9999_later.py"
    file.write_text(NEXT.format(before=head, more=""))
    return file


@pytest.fixture
def one_message(app: Flask, people: Cast, now: datetime) -> int:
    """The id of a message that an update refers to."""
    from followup.receipts import compose_receipts

    with writing():
        answered(opened_survey(people, now), now)
    compose_receipts(now)
    return db.session.scalars(select(Update.message_id)).one() or 0


@pytest.mark.both_databases
def test_a_database_of_this_version_is_current(app: Flask) -> None:
    assert schema.state() == "current"
    schema.require_current()
    assert schema.upgrade() is None


def empty(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'empty.db'}", data_dir=tmp_path, secret_key="x" * 40)


def test_an_empty_database_is_made(tmp_path: Path) -> None:
    with bare_app(empty(tmp_path)).app_context():
        assert schema.state() == "empty"
        schema.require_current()
        assert schema.state() == "current"
        db.engine.dispose()


@pytest.mark.both_databases
def test_an_older_one_is_refused_with_what_to_do(app: Flask, later_code: Path) -> None:
    assert schema.state() == "older"
    with pytest.raises(DomainError, match="Run: flask db upgrade"):
        schema.require_current()


@pytest.mark.both_databases
def test_an_older_one_is_upgraded_and_loses_nothing(app: Flask, one_message: int, later_code: Path) -> None:
    """Also what refers to a table that is made anew."""
    schema.upgrade()
    assert schema.state() == "current"
    assert {"later"} <= set(inspect(db.engine).get_table_names())
    assert db.session.scalars(select(Update.message_id)).one() == one_message
    assert db.session.get(Message, one_message)


def test_a_backup_of_before_is_made(app: Flask, one_message: int, later_code: Path) -> None:
    kept = schema.upgrade()
    assert kept
    assert kept.name.startswith("before-upgrade-")
    assert backup.verify(kept) != "9999"


@pytest.mark.both_databases
@pytest.mark.parametrize("more", [FAIL, BREAK])
def test_an_upgrade_that_fails_changes_nothing(
    app: Flask, one_message: int, later_code: Path, more: str
) -> None:
    later_code.write_text(
        later_code.read_text().replace("primary_key=True))", f"primary_key=True))\n    {more}")
    )
    with pytest.raises(Exception, match=r"nowhere|references|foreign key"):
        schema.upgrade()
    assert schema.state() == "older"
    assert "later" not in inspect(db.engine).get_table_names()
    assert db.session.get(Message, one_message)


def test_references_are_looked_after_again_afterwards(app: Flask, later_code: Path) -> None:
    schema.upgrade()
    for _ in range(5):
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


@pytest.mark.both_databases
def test_a_newer_one_is_refused(app: Flask) -> None:
    with writing():
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for verb in (schema.require_current, schema.upgrade):
        with pytest.raises(DomainError, match="newer than the code"):
            verb()


def starts_at_once(database: str, tmp_path: Path) -> list[int]:
    """Three processes that all want a database of this version."""
    code = "from core.application import bare_app; from core import schema\nwith bare_app().app_context(): schema.require_current()"
    environment = {**os.environ, "DATABASE_URL": database, "DATA_DIR": str(tmp_path)}
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment) for _ in range(3)]
    return [process.wait(60) for process in started]


def test_many_starts_at_once_make_one_database(tmp_path: Path) -> None:
    assert starts_at_once(f"sqlite:///{tmp_path / 'new.db'}", tmp_path) == [0, 0, 0]


def test_many_starts_at_once_make_one_database_on_postgresql(postgresql_folder: str, tmp_path: Path) -> None:
    command(postgresql_folder, "CREATE DATABASE fresh")
    assert starts_at_once(url(postgresql_folder, "fresh"), tmp_path) == [0, 0, 0]
    command(postgresql_folder, "DROP DATABASE fresh WITH (FORCE)")


def test_a_newer_backup_is_refused_before_anything_is_touched(
    app: Flask, one_message: int, later_code: Path, tmp_path: Path
) -> None:
    schema.upgrade()
    saved = backup.save(tmp_path / "newer.backup")
    later_code.unlink()
    with pytest.raises(DomainError, match="is newer than the code"):
        schema.restore(saved)
    assert held() is None


def test_an_older_backup_is_brought_up_to_date(
    app: Flask, one_message: int, later_code: Path, tmp_path: Path
) -> None:
    saved = backup.save(tmp_path / "older.backup")
    schema.upgrade()
    schema.restore(saved)
    assert schema.state() == "current"
    assert settings().sqlite
