"""The database: one way to write, and everything else reads.

A transaction that was not begun by `writing()` is read-only, and the database itself enforces it
(`PRAGMA query_only`, `BEGIN READ ONLY`). On SQLite writers wait for their turn before they
begin, first in the process, then beside the file: SQLite's own busy handler sleeps and is unfair. They wait
for the disk after their turn (`core.turns`), so SQLite itself only does where its log begins anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any

from flask import Flask, current_app, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    URL,
    BigInteger,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Select,
    event,
    make_url,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from core.database import connections, pools, postgresql
from core.database.glances import Glances
from core.database.turns import Turns, one_writer
from core.settings import Settings

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "NORMAL",
    "wal_autocheckpoint": "4000",  # 16 MB: an answer writes some 40 pages, and a checkpoint makes everybody wait
    "foreign_keys": "ON",
    "busy_timeout": "10000",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; a naive one is refused rather than guessed at."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """SQLite keeps text: it is read in one step, where the type it is made of and this one would take three."""
        return _read_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the library's signature
        return (
            value.replace(tzinfo=UTC) if value and value.tzinfo is None else value and value.astimezone(UTC)
        )


def _read_text(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written + "+00:00") if written else None


Rows = Select[*tuple[Any, ...]]
"""A query of any columns."""

db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"class_": connections.JoiningSession}
)

BIG = BigInteger().with_variant(Integer, "sqlite")
Id = Annotated[int, mapped_column(BIG, primary_key=True)]
Moment = Annotated[datetime, mapped_column(UTCDateTime)]
Day = Annotated[date, mapped_column(Date)]
Json = Annotated[dict[str, Any], mapped_column(JSON)]

_writing = pools.writing


def init_db(app: Flask, settings: Settings) -> None:
    """Bind the database to an application and teach each connection its manners."""
    app.config["SQLALCHEMY_DATABASE_URI"] = _address(settings)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": 20,
        "max_overflow": 20,
        "pool_use_lifo": True,
        "hide_parameters": True,  # an error ends in the log and in a beat: what people wrote does not
        "pool_pre_ping": not settings.sqlite,
        **({"poolclass": pools.ByPurpose} if settings.sqlite else {}),
    }
    db.init_app(app)
    with app.app_context():
        app.extensions["turns"] = Turns(db.engine.url.database if settings.sqlite else None)
        app.extensions["glances"] = Glances(db.engine)
        _teach(db.engine)


def _address(settings: Settings) -> URL:
    """PostgreSQL by whatever name it was given: no other dialect begins transactions that only read."""
    url = make_url(settings.database)
    return url if settings.sqlite else url.set(drivername=postgresql.DRIVER)


def _teach(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connect_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _connect_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; the driver would say it too late
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")


def _begin_sqlite(connection: Connection) -> None:
    query_only = pools.query_only()
    if connection.info.get("query_only") != query_only:  # after a pragma SQLite compiles every statement anew
        driver: Any = connection.connection.driver_connection  # a step of its own costs more than the pragma
        driver.execute(f"PRAGMA query_only={query_only}")
        connection.info["query_only"] = query_only
    connections.run(connection, "BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def writing() -> Iterator[None]:
    """The only way to write: everything inside is committed at the end, or none of it.

    Enter it after parsing, validation and hashing: others wait meanwhile. What was read before is
    read again, since it may have changed while we waited. Network and rendering never happen inside.
    """
    with _in_turn():
        own = connections.own.get()
        with _on(own) if own else _in_the_session():
            yield


@contextmanager
def writing_at_once(own: connections.OwnConnection) -> Iterator[None]:
    """`writing()` for statements of the bare driver in the own connection: no session and no wrapping around it."""
    with _in_turn(), connections.at_once(own):
        yield


@contextmanager
def _in_turn() -> Iterator[None]:
    _refuse_in_a_get()
    if _writing.get():
        raise RuntimeError("writing() does not nest: one unit of work, one commit")
    session = db.session() if db.session.registry.has() else None
    if session:  # who looked at nothing yet has nothing to forget
        session.rollback()
    with one_writer(current_app.extensions["turns"]):
        begun, known = _writing.set(True), connections.session.set(session)
        try:
            yield
        finally:
            connections.session.reset(known)
            _writing.reset(begun)


@contextmanager
def _in_the_session() -> Iterator[None]:
    """Who writes only rows borrows a connection, and the session joins when it is asked for something; else it is the session's."""
    known, lent = connections.current.set(None), connections.lent.set(None)
    try:
        yield
        _commit()
    except BaseException:
        db.session.rollback()
        connections.undo()
        raise
    finally:
        connections.give_back()
        connections.lent.reset(lent)
        connections.current.reset(known)


def _commit() -> None:
    """The session first: what follows its changes writes them down before it commits."""
    session, borrowed = connections.session.get(), connections.lent.get()
    if session and (session.in_transaction() or session.info or not borrowed):
        session.commit()
    if borrowed:
        borrowed.commit()


@contextmanager
def _on(own: connections.OwnConnection) -> Iterator[None]:
    """The session joins when somebody asks it for something, and is written down first."""
    connection = own.ready()
    try:
        with connection.begin():
            joined = connections.current.set(connection)
            try:
                yield
                if db.session().in_transaction():
                    db.session.commit()
            finally:
                db.session.rollback()
                connections.current.reset(joined)
    except BaseException:
        own.doubt()
        raise


@contextmanager
def one_connection() -> Iterator[connections.OwnConnection]:
    """Every `writing()` of this thread in the same connection: for who writes a thousand times in a row."""
    own = connections.OwnConnection(db.engine)
    before = connections.own.set(own)
    try:
        yield own
    finally:
        connections.own.reset(before)
        own.close()


def connection() -> Connection:
    """The one of the current transaction, for statements that need no session around them.

    Whoever writes asks for it at every row: from the first time on it is at hand.
    """
    held = connections.current.get()
    if held is None:
        held = _of_this_transaction() if _writing.get() else db.session.connection()
    return held


def _of_this_transaction() -> Connection:
    """The session's, where it began one; else one that is borrowed, so that who writes only rows needs no session."""
    session = connections.session.get()
    begun = session is not None and session.in_transaction()
    held = db.session.connection() if begun else connections.borrow(db.engine)
    connections.current.set(held)
    return held


def in_a_transaction() -> bool:
    """Whether somebody wrote, or looked at something, that belongs together with what is looked at next."""
    return _writing.get() or (db.session.registry.has() and db.session().in_transaction())


def _refuse_in_a_get() -> None:
    if has_request_context() and request.method in {"GET", "HEAD", "OPTIONS"}:
        raise RuntimeError(f"{request.method} {request.path} tried to write: mail scanners follow links")
