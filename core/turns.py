"""Whose turn it is to write to a SQLite file: one thread of one process. Its own busy handler sleeps and is unfair."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_turn = threading.Lock()


@contextmanager
def one_writer(file: Path | None) -> Iterator[None]:
    """Waits for its turn in the process, then beside the `file`; without one nobody waits."""
    if file is None:
        yield
        return
    with _turn:
        lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
