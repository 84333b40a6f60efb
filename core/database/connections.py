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
from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as SqlSession

from core.database.pools import writing

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
"""The one of this transaction, once somebody asked for it."""
lent: ContextVar[Connection | None] = ContextVar("lent", default=None)
"""One that was borrowed for this transaction alone, where no session began it."""
session: ContextVar[SqlSession | None] = ContextVar("session", default=None)
"""The one of this transaction, once there is one: who writes only rows needs none."""


def borrow(engine: Engine) -> Connection:
    """In a transaction, without a session, which takes part when it is asked for something."""
    borrowed = engine.connect()
    lent.set(borrowed)
    borrowed.begin()
    return borrowed


def undo() -> None:
    """Also after a COMMIT that failed, which leaves SQLite in the middle of it: closed as it is, it would be lent so to the next."""
    if borrowed := lent.get():
        borrowed.rollback()


def give_back() -> None:
    if borrowed := lent.get():
        borrowed.close()


def run(connection: Connection, sql: str, parameters: Any = ()) -> Any:
    """By the bare driver, in one cursor that stays with its connection; an error is raised as SQLAlchemy raises it."""
    cursor = connection.info.get("cursor") or _new_cursor(connection)
    try:
        return cursor.execute(sql, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise as_everywhere(sql, error, connection.dialect) from error


def _new_cursor(connection: Connection) -> Any:
    """`info` lives as long as the connection of the driver."""
    cursor = connection.info["cursor"] = connection.connection.cursor()
    return cursor


def as_everywhere(sql: str, error: Exception, dialect: Dialect) -> BaseException:
    """So that nobody who catches one needs to know who ran it."""
    return DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
    )


@contextmanager
def at_once(own: OwnConnection) -> Iterator[None]:
    """A transaction for what `run` does in `current`; who listens for BEGIN and COMMIT hears them as always.

    PostgreSQL is asked for neither, so that it costs one round trip instead of three: there it holds one statement.
    """
    connection = own.ready()
    joined = current.set(connection)
    try:
        with _begun_by_us(connection) if connection.dialect.name == "sqlite" else _by_itself(connection):
            connection.dispatch.begin(connection)
            yield
            connection.dispatch.commit(connection)
    except BaseException:
        own.doubt()
        raise
    finally:
        current.reset(joined)


@contextmanager
def _begun_by_us(connection: Connection) -> Iterator[None]:
    """A COMMIT that fails leaves SQLite in the middle of it, and everybody waiting."""
    try:
        yield
        run(connection, "COMMIT")
    except BaseException:
        connection.connection.rollback()
        raise


@contextmanager
def _by_itself(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    driver.autocommit = True
    try:
        yield
    finally:
        if not driver.closed:
            driver.autocommit = False


class JoiningSession(Session):
    """Takes part in the transaction of the own connection, where there is one: only then does it cost anything."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if writing.get():
            session.set(self)

    def get_bind(self, *arguments: Any, **named: Any) -> Engine | Connection:
        return current.get() or super().get_bind(*arguments, **named)
