"""The database, the clock, the key, the disk and what draws reports: each is broken once, and says what to do."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from core.checks import database, disk, secret, ticking
from core.db import db, writing
from core.findings import STATES, Check, Finding
from core.jobs import run_all
from core.settings import Settings
from reports.checks import drawing
from scheduler import TICKS
from tests.cast import Cast
from tests.checks.conftest import Changed


def found(check: Check, now: datetime) -> Finding:
    (one,) = check(now)
    assert one.state in STATES
    assert bool(one.remedy) == (one.state in {"attention", "broken"})
    return one


@pytest.mark.both_databases
def test_a_sound_database_at_the_newest_schema(app: Flask, people: Cast, now: datetime) -> None:
    assert [found(c, now).state for c in (database.version, database.soundness)] == ["ok", "ok"]
    assert [one.state for one in database.log(now)] == (["ok"] if app.config["SETTINGS"].sqlite else [])


def test_a_row_that_refers_to_nothing(app: Flask, people: Cast, now: datetime) -> None:
    db.session.rollback()
    with db.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.executescript(
            "PRAGMA query_only=OFF; PRAGMA foreign_keys=OFF; UPDATE membership SET staff_id=staff_id+9999;"
        )
    one = found(database.soundness, now)
    assert (one.state, "membership" in one.words, "flask restore" in one.remedy) == ("broken", True, True)


def test_a_file_that_is_no_database(app: Flask, settings: Settings, now: datetime) -> None:
    db.session.remove()
    db.engine.dispose()
    Path(settings.database.removeprefix("sqlite:///")).write_bytes(b"no database at all" * 100)
    assert found(database.soundness, now).state == "broken"
    assert found(database.version, now).state == "unknown"
    assert found(ticking.ticks, now).state == "unknown"
    db.session.rollback()


@pytest.mark.parametrize(("state", "word"), [("0001", "flask db upgrade"), ("9999", "newer version")])
def test_another_schema_than_the_code(app: Flask, now: datetime, state: str, word: str) -> None:
    with writing():
        db.session.execute(text("UPDATE alembic_version SET version_num = :state"), {"state": state})
    one = found(database.version, now)
    assert (one.state, word in one.remedy) == ("broken", True)


def test_a_log_that_has_grown(
    app: Flask, people: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LONG", -1)
    assert found(database.log, now).state == "attention"


def test_a_clock_that_ticks(app: Flask, now: datetime) -> None:
    assert found(ticking.ticks, now).state == "broken"
    run_all(TICKS, now)
    assert found(ticking.ticks, now).state == "ok"
    late = found(ticking.ticks, now + timedelta(hours=8))
    assert (late.state, "flask clock" in late.remedy) == ("broken", True)


@pytest.mark.parametrize(("seconds", "state"), [(0, "ok"), (59, "ok"), (-61, "broken"), (90, "broken")])
def test_two_clocks(app: Flask, now: datetime, seconds: int, state: str) -> None:
    assert ticking.apart("Time", now, now + timedelta(seconds=seconds)).state == state


@pytest.mark.both_databases
def test_the_databases_time_where_it_has_one(app: Flask, now: datetime) -> None:
    """The test's now is months away from the machine's."""
    sqlite = app.config["SETTINGS"].sqlite
    assert found(ticking.time, now - timedelta(days=1)).state == ("unknown" if sqlite else "broken")


@pytest.mark.parametrize(("free", "state"), [(5 << 30, "ok"), (500 << 20, "attention"), (50 << 20, "broken")])
def test_room_on_the_disk(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    assert found(disk.space, now).state == state


@pytest.fixture
def key(changed: Changed, tmp_path: Path) -> Path:
    """An installation that made its own."""
    changed(secret_key="", data_dir=tmp_path)
    tmp_path.chmod(0o700)
    file = tmp_path / "secret_key"
    file.write_text("k" * 40)
    file.chmod(0o600)
    return file


def test_a_key_that_only_we_can_read(key: Path, now: datetime) -> None:
    assert found(secret.key, now).state == "ok"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_can_read(key: Path, now: datetime, mode: int) -> None:
    key.chmod(mode)
    assert found(secret.key, now).remedy == f"Run: chmod 600 {key}"


def test_a_folder_in_which_others_can_write(key: Path, now: datetime) -> None:
    key.parent.chmod(0o777)
    assert found(secret.key, now).state == "attention"


def test_a_key_that_is_gone(key: Path, now: datetime) -> None:
    key.unlink()
    assert found(secret.key, now).state == "broken"


def test_a_key_that_is_set(app: Flask, now: datetime) -> None:
    assert found(secret.key, now).state == "ok"


def test_a_key_in_a_file_of_its_own(
    changed: Changed, key: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(secret_key="s" * 40)
    monkeypatch.setenv("SECRET_KEY_FILE", str(key))
    key.chmod(0o644)
    assert found(secret.key, now).state == "broken"


def test_reports_can_be_drawn(app: Flask, now: datetime) -> None:
    assert found(drawing.typefaces, now).state == "ok"
    assert found(drawing.pango, now).state == "ok"


@pytest.mark.parametrize(
    ("answer", "state"),
    [("print('cannot load library')", "broken"), ("raise SystemExit(3)", "unknown"), ("import time; time.sleep(9)", "unknown")],
)  # fmt: skip
def test_without_pango(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch, answer: str, state: str
) -> None:
    monkeypatch.setattr(drawing, "_LOAD", answer)
    monkeypatch.setattr(drawing, "SECONDS", 0.5)
    assert found(drawing.pango, now).state == state


def test_a_typeface_that_was_lost(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(drawing, "FONTS", tmp_path)
    assert found(drawing.typefaces, now).state == "broken"
    (tmp_path / "print.css").write_text('url("asset:one.woff2")')
    assert "one.woff2" in found(drawing.typefaces, now).words
