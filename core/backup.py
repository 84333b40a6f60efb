"""A backup is one SQLite file, verified; what is restored from it writes to nobody until a person says so."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from core import clock
from core.errors import DomainError
from core.settings import settings

HOLD = "INSERT INTO mail_hold (since, reason) VALUES (strftime('%Y-%m-%d %H:%M:%f000', 'now'), 'restored from a backup')"


def save(file: Path) -> Path:
    """Copy the live database to a new `file`, for its owner alone, with the mail-hold inside; DomainError when it cannot be."""
    _only_sqlite()
    with _new(file), closing(sqlite3.connect(_database())) as source, closing(sqlite3.connect(file)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        with copy:
            if _has(copy, "mail_hold"):
                copy.execute(HOLD)
    verify(file)
    return file


@contextmanager
def _new(file: Path) -> Iterator[None]:
    """A file that was not there; half of one is not left behind."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise DomainError(f"There is a file {file} already. Give another name.") from None
    except OSError as error:
        raise DomainError(f"{file} cannot be written: {error.strerror}.") from None
    try:
        yield
    except BaseException:
        file.unlink()
        raise


def restore(file: Path) -> Path:
    """Put a verified backup in the place of the database; returns where the one that was there is kept."""
    _only_sqlite()
    verify(file)
    kept = _set_aside()
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(_database())) as target:
        source.backup(target)
    return kept


def _set_aside() -> Path:
    """A copy of what is there now; when it is damaged, the files themselves: whoever has them open must be started again."""
    kept = beside("before-restore")
    try:
        return save(kept)
    except (DomainError, sqlite3.DatabaseError):
        for end in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{_database()}{end}").replace(f"{kept}{end}")
        return kept


def verify(file: Path) -> str:
    """Every page sound, every reference kept; returns the version of its schema. DomainError otherwise."""
    if not file.is_file():
        raise DomainError(f"There is no file {file}.")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            _refuse_damaged(copy, file)
            return str(copy.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except (sqlite3.DatabaseError, TypeError) as error:
        raise DomainError(f"{file} is not a backup that can be restored: {error}.") from None


def _refuse_damaged(copy: sqlite3.Connection, file: Path) -> None:
    if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        raise DomainError(f"{file} is damaged: pages do not fit together.")
    broken = copy.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise DomainError(f"{file} is damaged: rows of {broken[0]} do not fit together.")


def beside(name: str) -> Path:
    """A new file in the folder of the data."""
    return settings().folder / f"{name}-{clock.now():%Y%m%dT%H%M%S%f}.backup"


def _has(database: sqlite3.Connection, table: str) -> bool:
    return database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def _only_sqlite() -> None:
    if not settings().sqlite:
        raise DomainError(
            "This installation uses PostgreSQL: make its backup with pg_dump and restore with pg_restore."
        )


def _database() -> str:
    return settings().database.removeprefix("sqlite:///")
