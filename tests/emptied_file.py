"""One SQLite file for many tests: each connection to a new one reads what a hundred tables look like, 2.5 ms of processor,
and compiles every statement anew. To empty it takes a tenth of that.
"""

import os
import shutil
import sqlite3
from pathlib import Path

BESIDE = ("", "-wal", "-shm")
"""The file and what SQLite keeps beside it: whatever else lies in its folder was left by a test."""
BEGINNING = b"SQLite format 3\0"
SHAPE = ("schema_version", "user_version", "application_id", "journal_mode")
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'alembic_version'"
WORDS = ("comment_words", "comment_words_open")
"""Indexes of words, with tables of their own that are never quite empty."""


class EmptiedFile:
    """A copy of `template` that each test finds as if it were made for it."""

    def __init__(self, template: Path, file: Path) -> None:
        self.file, self._template = file, template
        self._own: sqlite3.Connection | None = None
        self._inode, self._failed = 0, 0

    def taken(self, failed: int = 0) -> str:
        """Its address, for a test. After a failed one, which may have left anything, a new one is made: `failed` counts them."""
        if failed != self._failed or not self._is_emptied():
            self._make()
        self._failed = failed
        return f"sqlite:///{self.file}"

    def _is_emptied(self) -> bool:
        """False where a test changed more than rows, or where somebody still writes."""
        if self._own is None or not self._is_there():
            return False
        try:
            if self._shape_of(self._own) != self._shape:
                return False
            _empty(self._own, self._written(self._own))
        except sqlite3.Error:
            return False
        self._tidy()
        return True

    def _is_there(self) -> bool:
        """The same file, which begins like one: who has it open does not notice that somebody wrote over it."""
        if not self.file.exists() or self.file.stat().st_ino != self._inode:
            return False
        return os.pread(self._seen, len(BEGINNING), 0) == BEGINNING

    def _make(self) -> None:
        self.close()
        shutil.rmtree(self.file.parent, ignore_errors=True)
        self.file.parent.mkdir()
        shutil.copy(self._template, self.file)
        self._seen = os.open(
            self.file, os.O_RDONLY
        )  # to close it would take SQLite's locks away: it stays open
        self._own = sqlite3.connect(self.file, timeout=0, isolation_level=None)
        self._own.execute("PRAGMA synchronous=OFF")
        self._inode, self._shape = self.file.stat().st_ino, self._shape_of(self._own)
        self._ask = _which(self._own)

    def _shape_of(self, own: sqlite3.Connection) -> list[object]:
        pragmas = [own.execute(f"PRAGMA {name}").fetchone() for name in SHAPE]
        return [*pragmas, *own.execute("SELECT version_num FROM alembic_version")]

    def _written(self, own: sqlite3.Connection) -> list[str]:
        return [name for (name,) in own.execute(self._ask)]

    def close(self) -> None:
        """Nobody has it open any more; the next test finds a new one."""
        if self._own:
            self._own.close()
            os.close(self._seen)
            self._own = None

    def _tidy(self) -> None:
        ours = {self.file.with_name(self.file.name + ending) for ending in BESIDE}
        for left in set(self.file.parent.iterdir()) - ours:
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()


def _which(own: sqlite3.Connection) -> str:
    """One question for the names of all tables with more rows in them than a new one has."""
    names = [name for (name,) in own.execute(TABLES)]
    rows = {name: own.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name} LIMIT 1 OFFSET {rows[name]})" for name in names
    )


def _empty(own: sqlite3.Connection, tables: list[str]) -> None:
    """Keys of other tables are not looked up: nobody told this connection to."""
    own.execute("BEGIN IMMEDIATE")
    for table in tables:
        if not table.startswith(WORDS):
            own.execute(f"DELETE FROM {table}")
    if any(table.startswith(WORDS) for table in tables):
        for words in WORDS:
            own.execute(f"INSERT INTO {words}({words}) VALUES ('delete-all')")
    own.execute("COMMIT")
