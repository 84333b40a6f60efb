"""Whose turn it is to write to a SQLite file: one thread of one process. Its own busy handler sleeps and is unfair.

Who wrote waits for the disk after its turn, so that the next one writes meanwhile: a disk takes as long for many as for one.
"""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

_to_disk = getattr(os, "fdatasync", os.fsync)  # all but the times of the file, where the system can do that


class Line:
    """A lock that goes to whoever waits longest. Python's goes to whoever is quickest, and somebody waits for all the others."""

    def __init__(self) -> None:
        self._taken, self._waiting, self._change = False, deque[threading.Lock](), threading.Lock()

    def __enter__(self) -> None:
        called = self._queue()
        try:
            called.acquire()
        except BaseException:  # Ctrl-C, while it waits: nobody would answer when it is called
            self._step_out(called)
            raise

    def __exit__(self, *_error: object) -> None:
        with self._change:
            self._call_next()

    def _queue(self) -> threading.Lock:
        """Free at once where nobody has it, else when it is called."""
        called = threading.Lock()
        with self._change:
            if self._taken:
                called.acquire()
                self._waiting.append(called)
            self._taken = True
        return called

    def _step_out(self, called: threading.Lock) -> None:
        with self._change:
            if called in self._waiting:
                self._waiting.remove(called)
            else:
                self._call_next()

    def _call_next(self) -> None:
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._taken = False


_turn = Line()


@dataclass(slots=True)
class Turns:
    """Beside a SQLite `database`; without one nobody waits. `lasting`: what was written outlives a loss of power."""

    database: str | None
    lasting: bool = True


@contextmanager
def one_writer(turns: Turns) -> Iterator[None]:
    """Waits for its turn in the process, then beside the file; and after it for the disk."""
    if turns.database is None:
        yield
        return
    try:
        with _turn, _open(f"{turns.database}.lock", os.O_RDWR | os.O_CREAT) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    finally:
        if turns.lasting:  # also where it failed: perhaps because another one had just written the same
            _last(f"{turns.database}-wal")


def _last(log: str) -> None:
    """All that anybody wrote so far is on the disk. Where there is no log, SQLite put it into the file, and waited for that itself."""
    try:
        with suppress(FileNotFoundError), _open(log, os.O_RDONLY) as opened:
            _to_disk(opened)
    except OSError as error:
        raise OperationalError("COMMIT", None, error) from error


@contextmanager
def _open(file: str, flags: int) -> Iterator[int]:
    opened = os.open(file, flags, 0o666)
    try:
        yield opened
    finally:
        os.close(opened)
