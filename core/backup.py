"""A backup is one SQLite file, verified; what is restored from it writes to nobody until a person says so."""

import sqlite3
from pathlib import Path

from core.errors import DomainError
from core.settings import settings

HOLD = "INSERT INTO mail_hold (since, reason) VALUES (strftime('%Y-%m-%d %H:%M:%f000', 'now'), 'restored from a backup')"


def save(file: Path) -> Path:
    """Copy the live database to `file` with the mail-hold inside; DomainError when it cannot be verified."""
    _only_sqlite()
    with sqlite3.connect(_database()) as source, sqlite3.connect(file) as copy:
        source.backup(copy)
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'mail_hold'").fetchone():
            copy.execute(HOLD)
    _verify(file)
    return file


def restore(file: Path) -> None:
    """Put a backup in the place of the database; the one that was there is kept beside it."""
    _only_sqlite()
    _verify(file)
    with sqlite3.connect(file) as source, sqlite3.connect(_database()) as target:
        source.backup(target)


def _verify(file: Path) -> None:
    """Every page sound, every reference kept."""
    if not file.is_file():
        raise DomainError(f"There is no file {file}.")
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise DomainError(f"{file} is not a backup that can be restored: {error}.") from None
    if not sound or broken:
        raise DomainError(f"{file} is damaged: {'pages' if not sound else f'rows of {broken[0]}'} do not fit together.")


def _only_sqlite() -> None:
    if not settings().sqlite:
        raise DomainError("This installation uses PostgreSQL: make its backup with pg_dump and restore with pg_restore.")


def _database() -> str:
    return settings().database.removeprefix("sqlite:///")
