"""A connection that one thread keeps for many short transactions.

Borrowing one for each, and opening a session around it, costs a sender as much as what it writes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine

REST_SECONDS = 1.0


class OwnConnection:
    """After a rest it is looked at again: meanwhile the database may have been started anew."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._connection, self._used = engine, engine.connect(), monotonic()

    def ready(self) -> Connection:
        """The connection, which answers."""
        if monotonic() - self._used > REST_SECONDS:
            self._connection.close()
            self._connection = self._engine.connect()
        self._used = monotonic()
        return self._connection

    def doubt(self) -> None:
        """A transaction failed in it, at its COMMIT perhaps, which leaves SQLite in the middle of it: it is reset before the next."""
        self._used = -inf

    def close(self) -> None:
        self._connection.close()


own: ContextVar[OwnConnection | None] = ContextVar("own", default=None)
"""That of this thread, where it has one."""
current: ContextVar[Connection | None] = ContextVar("current", default=None)
"""The own connection while it is in a transaction."""


@contextmanager
def committed_by_itself(connection: Connection) -> Iterator[None]:
    """For one statement that is the whole of a `writing()`: PostgreSQL begins and commits it without being asked.

    So it costs one round trip instead of three. A second statement in here would be a transaction of its own.
    """
    driver: Any = connection.connection.driver_connection
    driver.autocommit = True
    try:
        yield
    finally:
        if not driver.closed:
            driver.autocommit = False


class JoiningSession(Session):
    """Takes part in the transaction of the own connection, where there is one: only then does it cost anything."""

    def get_bind(self, *arguments: Any, **named: Any) -> Engine | Connection:
        return current.get() or super().get_bind(*arguments, **named)
