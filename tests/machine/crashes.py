"""Crashes: the process ends at a named point, as by kill -9. What was not committed is gone, and nothing cleans up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from core.db import db
from outbox import settling
from outbox.channels.smtp import Smtp


class Crash(BaseException):
    """Nobody catches it, and from then on the database takes nothing more from this process."""


class Fuse:
    """Lit, it blows at one of the moments that the engine tells of; once blown, every later transaction is refused."""

    def __init__(self, engine: Engine) -> None:
        self.lit, self.left, self.blown = "", 0, False
        event.listen(engine, "begin", self._begun, insert=True)
        event.listen(engine, "before_cursor_execute", self._executing)
        event.listen(engine, "commit", self._committing)

    def blow(self) -> None:
        self.blown = True
        raise Crash

    def _begun(self, _connection: Connection) -> None:
        if self.blown:
            raise Crash

    def _executing(self, _c: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and self._is_due("statement"):
            self.blow()

    def _committing(self, _connection: Connection) -> None:
        if self._is_due("before the commit"):
            self.blow()
        self.blown = self.blown or self._is_due("after the commit")

    def _is_due(self, moment: str) -> bool:
        self.left -= self.lit == moment
        return self.lit == moment and self.left == 0


WIRE: dict[str, tuple[object, str, bool]] = {
    "after the claim, before a word to the server": (Smtp, "offer", False),
    "after the mark, before the data": (Smtp, "transmit", False),
    "after the data, before it is settled": (Smtp, "transmit", True),
    "while one is marked": (settling, "mark", True),
    "while one is settled": (settling, "settle", True),
}
"""Points of a delivery: (where, function, after it rather than before)."""
MOMENTS = ("statement", "before the commit", "after the commit")
"""Points of any transaction: at its nth writing statement, before or after the nth commit."""


@contextmanager
def crashing_on_the_wire(fuse: Fuse, point: str) -> Iterator[None]:
    where, name, after = WIRE[point]
    with patch.object(where, name, _crashes(fuse, getattr(where, name), after)), _dying(fuse):
        yield


@contextmanager
def crashing_in_a_transaction(fuse: Fuse, moment: str, nth: int) -> Iterator[None]:
    fuse.lit, fuse.left = moment, nth
    with _dying(fuse):
        yield


def _crashes(fuse: Fuse, real: Callable[..., Any], after: bool) -> Callable[..., Any]:
    def last_words(*arguments: Any, **more: Any) -> Any:
        if after:
            real(*arguments, **more)
        fuse.blow()

    return last_words


@contextmanager
def _dying(fuse: Fuse) -> Iterator[None]:
    """Whether or not the point was reached: a new process begins, which remembers nothing."""
    try:
        yield
    except Crash:
        pass
    finally:
        db.session.remove()
        fuse.lit, fuse.left, fuse.blown = "", 0, False
