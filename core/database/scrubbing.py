"""What was wiped leaves the files of the database too: SQLite keeps old bytes in pages, in its log and in free space."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing

from sqlalchemy import text

from core.db import db
from core.settings import settings


def scrub(tables: Iterable[str]) -> bool:
    """Inside `writing()`, with nothing written in it: make the files anew. False while somebody still reads an older state."""
    if settings().sqlite:
        return _sqlite()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"VACUUM {table}"))
    return True


def _sqlite() -> bool:
    file = settings().database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None, timeout=10)) as database:
        database.execute("VACUUM")
        busy, _pages, _done = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
