"""Statements that run for every mail: compiled once, then handed to the driver as they are.

Asking SQLAlchemy to look up and wrap a statement costs about as much as everything else a sender does.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from sqlalchemy import ClauseElement, Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from core.database.connections import run
from core.db import connection

Convert = Callable[[Any], Any]


class Prepared:
    """A statement whose every parameter is named; it runs in the current transaction."""

    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement
        self._of: dict[str, _Ready] = {}

    def execute(self, values: Mapping[str, Any]) -> int:
        """Returns how many rows it touched."""
        return int(self._run(values).rowcount)

    def row(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The only row of what it returns."""
        found: tuple[Any, ...] = self._run(values).fetchone()
        return found

    def _run(self, values: Mapping[str, Any]) -> Any:
        there = connection()
        ready = self._of.get(there.dialect.name)
        if ready is None:
            ready = self._of[there.dialect.name] = _Ready(self.statement, there.dialect)
        return run(there, ready.sql, ready.parameters(values))


class _Ready:
    """The text for one kind of database, and how each value is written for it."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled = cast(SQLCompiler, statement.compile(dialect=dialect))
        self.sql, self._places = str(compiled), compiled.positiontup
        self._fixed = {name: bind.value for bind, name in compiled.bind_names.items() if not bind.required}
        self._convert = _converters(compiled, dialect)

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """In the order, or under the names, that the driver wants."""
        full = {**self._fixed, **values}
        for name, convert in self._convert.items():
            full[name] = convert(full[name])
        return [full[name] for name in self._places] if self._places is not None else full


def _converters(compiled: SQLCompiler, dialect: Dialect) -> dict[str, Convert]:
    found = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for bind, name in compiled.bind_names.items()
    }
    return {name: convert for name, convert in found.items() if convert}
