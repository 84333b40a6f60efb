"""A backup is sound and for its owner alone; what is restored from it sends nothing until a person says so."""

import sqlite3
import threading
from contextlib import closing
from contextvars import Context
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import backup, schema
from core.db import db, writing
from core.errors import DomainError
from followup.receipts import compose_receipts
from outbox.holding import held, release
from outbox.jobs import deliver_due
from outbox.models import Message
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, opened_survey
from tests.sink import Sink


@pytest.fixture
def waiting(app: Flask, people: Cast, now: datetime) -> None:
    """One receipt that was composed and not yet sent."""
    with writing():
        answered(opened_survey(people, now), now)
    compose_receipts(now)


def count(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_backup_is_one_sound_file_with_every_row(app: Flask, waiting: None, tmp_path: Path) -> None:
    file = backup.save(tmp_path / "a.backup")
    assert backup.verify(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [f.name for f in tmp_path.glob("a.backup*")] == ["a.backup"]
    assert (count(file, "response"), count(file, "message"), count(file, "mail_hold")) == (1, 1, 1)
    assert held() is None


def test_what_was_sent_after_a_backup_is_not_sent_again(
    app: Flask, smtp_server: Sink, waiting: None, now: datetime, tmp_path: Path
) -> None:
    file = backup.save(tmp_path / "a.backup")
    deliver_due(now)
    assert len(smtp_server.mails) == 1
    schema.restore(file)
    for hours in range(3):
        deliver_due(now + timedelta(hours=hours))
    assert db.session.scalars(select(Message.state)).all() == ["queued"]
    assert len(smtp_server.mails) == 1


def test_it_is_sent_when_a_person_says_so(
    app: Flask, smtp_server: Sink, waiting: None, now: datetime, tmp_path: Path
) -> None:
    schema.restore(backup.save(tmp_path / "a.backup"))
    with writing():
        assert release("Alice Adams", now) == 1
    deliver_due(now)
    assert len(smtp_server.mails) == 1


def test_restoring_keeps_what_was_there(
    app: Flask, people: Cast, waiting: None, now: datetime, tmp_path: Path
) -> None:
    file = backup.save(tmp_path / "a.backup")
    with writing():
        answered(opened_survey(people, now, "later"), now)
    kept = schema.restore(file)
    assert db.session.scalar(select(func.count(Response.id))) == 1
    assert (count(kept, "response"), kept.name.startswith("before-restore-")) == (2, True)


def test_a_backup_that_is_made_while_people_answer_is_whole(
    app: Flask, people: Cast, now: datetime, tmp_path: Path
) -> None:
    """Every answer in it has its promise, whatever the moment."""
    with writing():
        survey_id = opened_survey(people, now).id
    stop = threading.Event()

    def answer() -> None:
        from surveys.models import Survey

        with app.app_context():
            while not stop.is_set():
                with writing():
                    answered(db.session.get_one(Survey, survey_id), now)

    writer = threading.Thread(target=Context().run, args=(answer,))
    writer.start()
    files = [backup.save(tmp_path / f"{n}.backup") for n in range(5)]
    stop.set()
    writer.join(10)
    assert [count(f, "response") for f in files] == [count(f, "promise") for f in files]
    assert count(files[-1], "response") > 0


def test_what_is_damaged_can_be_restored_too(app: Flask, waiting: None, tmp_path: Path) -> None:
    file = backup.save(tmp_path / "a.backup")
    db.session.remove()
    db.engine.dispose()
    Path(str(db.engine.url.database)).write_bytes(b"x" * 10_000)
    kept = schema.restore(file)
    assert kept.read_bytes() == b"x" * 10_000
    assert db.session.scalar(select(func.count(Response.id))) == 1


def test_a_backup_is_restored_where_there_was_nothing(app: Flask, waiting: None, tmp_path: Path) -> None:
    file = backup.save(tmp_path / "a.backup")
    db.session.remove()
    db.engine.dispose()
    Path(str(db.engine.url.database)).unlink()
    schema.restore(file)
    assert db.session.scalar(select(func.count(Response.id))) == 1


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"x" * 5000])
def test_what_is_no_backup_is_refused(app: Flask, waiting: None, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.backup"
    file.write_bytes(content)
    with pytest.raises(DomainError, match="is not a backup that can be restored"):
        schema.restore(file)
    assert db.session.scalar(select(func.count(Response.id))) == 1


def test_a_backup_that_was_damaged_is_refused(app: Flask, waiting: None, tmp_path: Path) -> None:
    file = backup.save(tmp_path / "a.backup")
    bytes_ = bytearray(file.read_bytes())
    bytes_[4096 * 3 : 4096 * 20] = b"\xff" * (4096 * 17)
    file.write_bytes(bytes_)
    with pytest.raises(DomainError, match=r"is damaged|is not a backup"):
        schema.restore(file)


def test_a_backup_with_a_reference_to_nothing_is_refused(app: Flask, waiting: None, tmp_path: Path) -> None:
    file = backup.save(tmp_path / "a.backup")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM survey")
    with pytest.raises(DomainError, match="is damaged: rows of"):
        schema.restore(file)


def test_a_backup_overwrites_nothing(app: Flask, waiting: None, tmp_path: Path) -> None:
    for file in (Path(str(db.engine.url.database)), tmp_path / "a.backup"):
        file.touch()
        with pytest.raises(DomainError, match="There is a file"):
            backup.save(file)
    assert db.session.scalar(select(func.count(Response.id))) == 1


def test_a_place_that_cannot_be_written_is_named(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="cannot be written: No such file or directory"):
        backup.save(tmp_path / "nowhere" / "a.backup")
    with pytest.raises(DomainError, match="There is no file"):
        schema.restore(tmp_path / "nothing")


def test_half_a_backup_is_not_left_behind(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "HOLD", "INSERT INTO nowhere")
    with pytest.raises(sqlite3.OperationalError):
        backup.save(tmp_path / "a.backup")
    assert list(tmp_path.glob("*.backup")) == []


@pytest.mark.both_databases
def test_postgresql_has_tools_of_its_own(app: Flask, tmp_path: Path) -> None:
    from core.settings import settings

    if settings().sqlite:
        assert backup.save(tmp_path / "a.backup")
    else:
        with pytest.raises(DomainError, match="pg_dump"):
            backup.save(tmp_path / "a.backup")
