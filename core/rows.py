"""Rows written and read past the unit of work, for the verbs that are called most often.

The unit of work sorts, groups and reads back; for a single row that costs three times what the INSERT
does. Whatever was changed before in the session goes to the database first, as in a query.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Executable,
    Insert,
    Row,
    Table,
    Update,
    bindparam,
    inspect,
    update,
)
from sqlalchemy import insert as insert_into
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstanceState, InstrumentedAttribute, Mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state, manager_of_class, set_committed_value

from core.database import connections, pools
from core.database.glances import glances
from core.database.numbers import Among, Numbers
from core.db import Base, Rows, connection, db, in_a_transaction

R = TypeVar("R", bound=Base)
T = TypeVar("T")
Column = ColumnElement[T] | InstrumentedAttribute[T]
PAGE = 500
WRITTEN = "rows written"
"""Where a session keeps the rows that were written past it since its last commit."""


_Turn = Callable[[Any], Any] | None


class _Plan(NamedTuple):
    statement: Insert
    defaults: dict[str, Any]
    """Every column but the key, which the database gives; None where the model says nothing."""
    names: tuple[str, ...]
    fixed: dict[str, Any]
    made: dict[str, Callable[[None], Any]]
    """The defaults that are the same in each row, and those that are made for it."""


def put(model: type[Base], **values: Any) -> int:
    """Insert a row of these columns and return its id."""
    plan, there = _plan(model), _after_the_session()
    filled = {**plan.fixed, **values}
    for name, made in plan.made.items():
        if name not in values:
            filled[name] = made(None)
    bare = _bare(plan.statement, there.dialect, plan.names)
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


def new(model: type[R], **values: Any) -> R:
    """A row to be inserted, as its class would make it, which tells those who follow changes of each value by itself."""
    if unknown := values.keys() - _plan(model).defaults.keys():
        raise TypeError(f"{model.__name__} has no column {min(unknown)!r}")
    row: R = manager_of_class(model).new_instance()
    vars(row).update(values)
    return row


def insert(row: R) -> R:
    """Insert a new row; from then on the session knows it as if it had been read.

    Name others by their foreign key, never by a relationship: nothing is followed from here.
    """
    return known(write(row))


def write(row: R) -> R:
    """Insert a new row that belongs to no session: its columns can be read, and whoever asks it for more meets an error."""
    given = _filled(row)
    given["id"] = put(type(row), **given)
    _as_read(row)
    return row


def write_all(written: Sequence[R], by: str) -> None:
    """As `write`, of new rows of one class in one statement. `by`: a column whose value differs in each, by which they get their numbers."""
    if written:
        model, there = type(written[0]), _after_the_session()
        bare = _bare(_inserting(model, len(written), by), there.dialect, ())
        values = {
            f"{name}_{n}": value for n, row in enumerate(written) for name, value in _filled(row).items()
        }
        numbers = dict(connections.run(there, bare.sql, bare.bound(values)).fetchall())
        for row in written:
            vars(row)["id"] = int(numbers[vars(row)[by]])
            _as_read(row)


def _filled(row: Base) -> dict[str, Any]:
    """Its columns, which belong to nobody yet, with the defaults of those that were not given."""
    given = vars(row)
    for name, default in _plan(type(row)).defaults.items():
        if name not in given:
            given[name] = _made(default)  # nobody follows a change here: it counts as read in a moment
    return given


@cache
def _inserting(model: type[Base], n: int, by: str) -> Insert:
    table, names = model.__table__, _plan(model).names
    rows = [{name: bindparam(f"{name}_{i}", type_=table.c[name].type) for name in names} for i in range(n)]
    return insert_into(table).values(rows).returning(table.c[by], table.c.id)  # type: ignore[arg-type]


def _as_read(row: R) -> None:
    """Of a row that `new` made every column is there and none has a history, which is what SQLAlchemy's own way looks through."""
    state: InstanceState[R] = instance_state(row)
    if state.committed_state:
        make_transient_to_detached(row)
    else:
        state.key = state.mapper.identity_key_from_primary_key((vars(row)["id"],))


def known(row: R) -> R:
    """A row that was written, for whoever goes on with it in the session."""
    session = db.session()
    if gone := session.identity_map.get(inspect(row).key):  # type: ignore[arg-type]
        session.expunge(gone)  # deleted behind our back, or rolled back: SQLite gives its number again
    session.add(row)
    _note(row)
    return row


def change(row: Base, **values: Any) -> None:
    """Write these columns of a row that is in the database; the session knows them as if they had been read."""
    key = row.id  # type: ignore[attr-defined]
    new = {f"new_{name}": value for name, value in values.items()}
    _after_the_session().execute(_changing(type(row), tuple(values)), {"key": key, **new})
    for name, value in values.items():
        set_committed_value(row, name, value)
    _note(row)


def _note(row: Base) -> None:
    """No flush tells of it: whoever follows what a session writes finds it here."""
    db.session.info.setdefault(WRITTEN, []).append(row)


def first(statement: Executable, **values: Any) -> Any:
    """The first row of a statement that was built once, with these values in it: columns, not an object; None where there is none."""
    found = some(statement, **values)
    return found[0] if found else None


def stored(statement: Executable, **values: Any) -> tuple[Any, ...] | None:
    """The same row as the driver gives it: to be compared with what it was before, not to be read.

    It may be all that a page asks: where no transaction was begun, none is.
    """
    if not in_a_transaction():
        bare = _bare(statement, glances().dialect, tuple(values))
        found = glances().rows(bare.sql, bare.bound(values))
    else:
        there = _after_the_session()
        bare = _bare(statement, there.dialect, tuple(values))
        found = connections.run(there, bare.sql, bare.bound(values)).fetchall()
    return found[0] if found else None


def read(statement: Executable, row: tuple[Any, ...], *names: str) -> Any:
    """What `stored` gave for values of these names, as `first` would have read it."""
    return _bare(statement, db.engine.dialect, names).made([row])[0]


def some(statement: Executable, **values: Any) -> Sequence[Any]:
    """All rows of such a statement, their columns by name and by place."""
    there = _after_the_session()
    bare = _bare(statement, there.dialect, tuple(values))
    if not bare.fits:
        return there.execute(statement, values).all()
    return bare.made(connections.run(there, bare.sql, bare.bound(values)).fetchall())


def ones(statement: Executable, **values: Any) -> list[Any]:
    """The only value of each row, as the driver gives it, which is as it is for a number: thousands are not to be made rows of."""
    there = _after_the_session()
    bare = _bare(statement, there.dialect, tuple(values))
    return [one for (one,) in connections.run(there, bare.sql, bare.bound(values)).fetchall()]


def run(statement: Executable, **values: Any) -> None:
    """Such a statement that gives no rows."""
    there = _after_the_session()
    bare = _bare(statement, there.dialect, tuple(values))
    connections.run(there, bare.sql, bare.bound(values))


def overwrite(column: InstrumentedAttribute[Any], ids: Iterable[int], **values: Any) -> None:
    """Write these into every row of which that column is one of these numbers. The session is not told: who read them before reads them anew."""
    if numbers := list(ids):
        new = {f"new_{name}": value for name, value in values.items()}
        run(_overwriting(cast(type[Base], column.class_), column.key, tuple(values)), ids=numbers, **new)


def _after_the_session() -> Connection:
    """The connection of this transaction, in which stands what the session holds, where there is one."""
    if session := connections.session.get() or (None if pools.writing.get() else db.session()):
        session.flush()
    return connection()


def paged(query: Rows, key: ColumnElement[int] | Any) -> Iterator[Sequence[Row[Any]]]:
    """The rows of a query by `key`, its first column and unlike in each, some hundred at a time; others may write meanwhile."""
    after = 0
    while found := db.session.execute(query.where(key > after).order_by(key).limit(PAGE)).all():
        after = found[-1][0]
        yield found


def among(
    column: Column[int] | Column[int | None], ids: Iterable[int] | BindParameter[Any]
) -> ColumnElement[bool]:
    """The column is one of these, however many; `these()` in a statement that is put together once."""
    numbers = ids if isinstance(ids, BindParameter) else bindparam(None, list(ids), type_=Numbers())
    return Among(column, numbers)


def these(name: str = "ids") -> BindParameter[Any]:
    """Numbers that are given when the statement is asked."""
    return bindparam(name, type_=Numbers())


class _Bare(NamedTuple):
    """A statement as the driver takes it: what SQLAlchemy would put together each time is put together once."""

    sql: str
    binds: tuple[tuple[str, _Turn, bool], ...]
    """name, what its type makes of a value for the driver, and whether also of nothing."""
    set: dict[str, Any]
    """Values that stand in the statement itself."""
    positional: bool
    fits: bool
    """Whether it is the same whatever the values are: a list of any length is not."""
    row: Callable[[Iterable[Any]], Any]
    results: tuple[_Turn, ...]
    names: tuple[str, ...]

    def bound(self, values: dict[str, Any]) -> Any:
        given = {**self.set, **values} if self.set else values
        made = [
            turn(given[name]) if turn and (nothing_too or given[name] is not None) else given[name]
            for name, turn, nothing_too in self.binds
        ]
        return made if self.positional else dict(zip(self.names, made, strict=True))

    def made(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        """Each value as its type reads it."""
        turns = self.results
        return [self.row(turn(v) if turn else v for turn, v in zip(turns, row, strict=True)) for row in found]


@lru_cache(1024)
def _bare(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> _Bare:
    made: Any = statement.compile(dialect=dialect, column_keys=list(names))
    order = made.positiontup or list(made.binds)
    types = {name: bind.type.dialect_impl(dialect) for name, bind in made.binds.items()}
    columns = list(statement.exported_columns)
    return _Bare(
        str(made), tuple((n, types[n].bind_processor(dialect), types[n].should_evaluate_none) for n in order),
        {name: bind.value for name, bind in made.binds.items() if not bind.required}, bool(made.positional),
        not made.post_compile_params, _row([str(c.key) for c in columns]),
        tuple(c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns), tuple(order),
    )  # fmt: skip


def _row(names: list[str]) -> Callable[[Iterable[Any]], Any]:
    """A tuple whose places have names, known only now."""
    named: Any = namedtuple("Found", names, rename=True)  # type: ignore[misc]  # noqa: PYI024
    return cast(Callable[[Iterable[Any]], Any], named._make)


@cache
def _plan(model: type[Base]) -> _Plan:
    mapper: Mapper[Any] = inspect(model)
    columns = {a.key: a.columns[0] for a in mapper.column_attrs if a.key != "id"}
    defaults = {key: c.default.arg if c.default is not None else None for key, c in columns.items()}
    statement = insert_into(model.__table__).returning(mapper.c.id)  # type: ignore[arg-type]
    made = {key: default for key, default in defaults.items() if callable(default)}
    return _Plan(
        statement, defaults, tuple(defaults), {k: d for k, d in defaults.items() if k not in made}, made
    )


@cache
def _changing(model: type[Base], names: tuple[str, ...]) -> Update:
    table = model.__table__
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    return update(table).where(table.c.id == bindparam("key")).values(new)  # type: ignore[arg-type]


@cache
def _overwriting(model: type[Base], key: str, names: tuple[str, ...]) -> Update:
    columns = cast(Table, model.__table__).c
    new = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in names}
    return update(cast(Table, model.__table__)).where(among(columns[key], these())).values(new)


def _made(default: Any) -> Any:
    return default(None) if callable(default) else default
