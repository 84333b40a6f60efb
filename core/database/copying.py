"""Everything of one database into another, empty one: from SQLite to PostgreSQL, or back. Every row keeps its number and its state."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Table, func, inspect, select, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from core import clock, schema
from core.application import bare_app
from core.db import Base, db, writing
from core.errors import DomainError
from core.settings import settings

PAGE = 500
HOLD = "mail_hold"
REASON = "copied from another database"
Progress = Callable[[str, int], None]


def copy_to(url: str, progress: Progress) -> dict[str, int]:
    """table → rows; all of it in one transaction, so that a copy that fails leaves nothing behind.

    The copy is in mail-hold: where both could send, people would hear everything twice.
    """
    engine = db.engine
    if url in {settings().database, settings().database_url}:
        raise DomainError("That is the database itself. Give another one.")
    with engine.connect() as source, source.begin(), _in_target(url):
        _refuse_rows()
        with writing():
            copied = {table.name: _copy(table, source, progress) for table in _tables()}
            _mend(source)
            _count_on()
            _compare(source, copied)
            _hold()
    return copied


@contextmanager
def _in_target(url: str) -> Iterator[None]:
    """Another application, whose database this is; at the newest schema, as the source must be."""
    try:
        app = bare_app(settings().model_copy(update={"database_url": url}))
        with app.app_context():
            try:
                schema.require_current()
                yield
            finally:
                db.session.remove()
                db.engine.dispose()
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise DomainError(
            "That is no address of a database. An example: postgresql://user:password@host/name"
        ) from None
    except OperationalError as error:
        raise DomainError(
            f"The other database cannot be used: {str(error.orig).strip().splitlines()[0]}"
        ) from None


def _tables() -> list[Table]:
    """Those that others name come first, as far as that is possible."""
    return list(Base.metadata.sorted_tables)


def _refuse_rows() -> None:
    for table in _tables():
        if db.session.scalar(select(func.count()).select_from(table)):
            raise DomainError(
                f"The other database holds rows already (in {table.name}). Copy into an empty one."
            )
    db.session.rollback()


def _copy(table: Table, source: Connection, progress: Progress) -> int:
    """What names a row that is not there yet is left out, and put in by `_mend`."""
    later, done = {column.name for column in _later(table)}, 0
    rows = source.execute(select(table), execution_options={"yield_per": PAGE}).mappings()
    for page in rows.partitions():
        db.session.execute(
            table.insert(), [{k: None if k in later else v for k, v in row.items()} for row in page]
        )
        done += len(page)
    progress(table.name, done)
    return done


def _later(table: Table) -> list[Column[Any]]:
    """Columns that name a row of the same table, or of one that comes later."""
    order = {known.name: place for place, known in enumerate(_tables())}
    return [
        c
        for c in table.columns
        if any(order[f.column.table.name] >= order[table.name] for f in c.foreign_keys)
    ]


def _mend(source: Connection) -> None:
    for table in _tables():
        (key, *_more) = table.primary_key.columns
        for column in _later(table):
            named = select(key, column).where(column.is_not(None))
            for row_key, value in source.execute(named):
                db.session.execute(table.update().where(key == row_key).values({column.name: value}))


def _count_on() -> None:
    """PostgreSQL goes on counting behind the highest number there is."""
    if db.engine.dialect.name != "postgresql":
        return
    for table in _tables():
        for column in table.primary_key.columns:
            counter = db.session.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            highest = db.session.scalar(select(func.max(column))) if counter else None
            if highest:
                db.session.execute(
                    text("SELECT setval(:counter, :highest)"), {"counter": counter, "highest": highest}
                )


def _compare(source: Connection, copied: dict[str, int]) -> None:
    """Every table of the source, every row of it: a table that the code does not know must not be lost in silence."""
    known = set(inspect(source).get_table_names()) - {"alembic_version"}
    unknown = sorted(name for name in known - set(copied) if not name.startswith("comment_words"))
    if unknown:
        raise DomainError(f"This database has tables that the code does not know: {', '.join(unknown)}.")
    for table in _tables():
        there = db.session.scalar(select(func.count()).select_from(table))
        if there != source.scalar(select(func.count()).select_from(table)):
            raise DomainError(f"Not every row of {table.name} arrived; nothing was copied.")


def _hold() -> None:
    hold = Base.metadata.tables[HOLD]
    db.session.execute(hold.insert().values(since=clock.now(), reason=REASON))
