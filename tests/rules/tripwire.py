"""Whether anything was written: SQLite counts the commits that other connections made."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from tests.rules.world import World


@contextmanager
def nothing_written(world: World) -> Iterator[None]:
    """AssertionError when a row of any table was changed by what happened inside."""
    watching = sqlite3.connect(world.live)
    before = _commits(watching)
    try:
        yield
        assert _commits(watching) == before, "something was written"
    finally:
        watching.close()


def _commits(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return number
