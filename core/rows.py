"""Rows written and read past the unit of work, for the verbs that are called most often.

The unit of work sorts, groups and reads back; for a single row that costs three times what the INSERT
does. Whatever was changed before in the session goes to the database first, as in a query.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Dialect,
    Executable,
    Insert,
    Row,
    Table,
    Update,
    bindparam,
    func,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy import insert as insert_into
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from core import connections
from core.db import Base, Rows, connection, db

R = TypeVar("R", bound=Base)
T = TypeVar("T")
Column = ColumnElement[T] | InstrumentedAttribute[T]
PAGE = 500
WRITTEN = "rows written"
"""Where a session keeps the rows that were written past it since its last commit."""


class _Plan(NamedTuple):
    statement: Insert
    defaults: dict[str, Any]
    """Every column but the key, which the database gives; None where the model says nothing."""


def put(model: type[Base], **values: Any) -> int:
    """Insert a row of these columns and return its id."""
    plan, session = _plan(model), db.session()
    session.flush()
    filled = {name: values[name] if name in values else _made(d) for name, d in plan.defaults.items()}
    there = session.connection()
    bare = _bare(model, there.dialect)
    return int(connections.run(there, bare.sql, bare.bound(filled)).fetchall()[0][0])


def put_once(model: type[Base], **values: Any) -> bool:
    """Insert a row of these columns unless one with its key is there; whether it is new.

    Two may try at the same moment: the second waits for the first, and neither meets an error.
    """
    there = connection()
    table = cast(Table, model.__table__)
    fresh = (sqlite if there.dialect.name == "sqlite" else postgresql).insert(table)
    only_new = fresh.on_conflict_do_nothing().returning(*table.primary_key)
    return there.execute(only_new, values).first() is not None


def insert(row: R) -> R:
    """Insert a new row; from then on the session knows it as if it had been read.

    Name others by their foreign key, never by a relationship: nothing is followed from here.
    """
    given = vars(row)
    for name, default in _plan(type(row)).defaults.items():
        if name not in given:
            setattr(row, name, _made(default))
    row.id = put(type(row), **given)  # type: ignore[attr-defined]
    make_transient_to_detached(row)
    session = db.session()
    if gone := session.identity_map.get(inspect(row).key):  # type: ignore[arg-type]
        session.expunge(gone)  # deleted behind our back, or rolled back: SQLite gives its number again
    session.add(row)
    _note(row)
    return row


def change(row: Base, **values: Any) -> None:
    """Write these columns of a row that is in the database; the session knows them as if they had been read."""
    session = db.session()
    session.flush()
    key = row.id  # type: ignore[attr-defined]
    new = {f"new_{name}": value for name, value in values.items()}
    session.connection().execute(_changing(type(row), tuple(values)), {"key": key, **new})
    for name, value in values.items():
        set_committed_value(row, name, value)
    _note(row)


def _note(row: Base) -> None:
    """No flush tells of it: whoever follows what a session writes finds it here."""
    db.session.info.setdefault(WRITTEN, []).append(row)


def first(statement: Executable, **values: Any) -> Row[Any] | None:
    """The first row of a statement that was built once, with these values in it: columns, not objects."""
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values).first()


def some(statement: Executable, **values: Any) -> Sequence[Row[Any]]:
    """All rows of such a statement."""
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values).all()


def paged(query: Rows, key: ColumnElement[int] | Any) -> Iterator[Sequence[Row[Any]]]:
    """The rows of a query by `key`, its first column and unlike in each, some hundred at a time; others may write meanwhile."""
    after = 0
    while found := db.session.execute(query.where(key > after).order_by(key).limit(PAGE)).all():
        after = found[-1][0]
        yield found


def among(column: Column[int] | Column[int | None], ids: Iterable[int]) -> ColumnElement[bool]:
    """The column is one of these, however many: one value goes to the database instead of thousands."""
    numbers = list(ids)
    if db.engine.dialect.name == "sqlite":
        return column.in_(select(text("value")).select_from(func.json_each(json.dumps(numbers))))
    return column == func.any(bindparam(None, numbers, type_=ARRAY(BigInteger)))


class _Bare(NamedTuple):
    """An INSERT as the driver takes it: what SQLAlchemy would put together for each row is put together once."""

    sql: str
    names: tuple[str, ...]
    binds: dict[str, Callable[[Any], Any]]
    positional: bool

    def bound(self, values: dict[str, Any]) -> Any:
        """Each value as its type gives it to the driver."""
        given = {
            name: self.binds[name](values[name]) if name in self.binds else values[name]
            for name in self.names
        }
        return tuple(given.values()) if self.positional else given


@cache
def _bare(model: type[Base], dialect: Dialect) -> _Bare:
    plan, table = _plan(model), cast(Table, model.__table__)
    made: Any = plan.statement.compile(dialect=dialect, column_keys=list(plan.defaults))
    binds = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in plan.defaults}
    names = tuple(made.positiontup or plan.defaults)
    return _Bare(str(made), names, {n: b for n, b in binds.items() if b}, bool(made.positional))


@cache
def _plan(model: type[Base]) -> _Plan:
    mapper: Mapper[Any] = inspect(model)
    columns = {a.key: a.columns[0] for a in mapper.column_attrs if a.key != "id"}
    defaults = {key: c.default.arg if c.default is not None else None for key, c in columns.items()}
    return _Plan(insert_into(model.__table__).returning(mapper.c.id), defaults)  # type: ignore[arg-type]


@cache
def _changing(model: type[Base], names: tuple[str, ...]) -> Update:
    table = model.__table__
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    return update(table).where(table.c.id == bindparam("key")).values(new)  # type: ignore[arg-type]


def _made(default: Any) -> Any:
    return default(None) if callable(default) else default
