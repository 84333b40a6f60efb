"""Numbers that go to the database as one value, however many: a statement about fifty rows is the same as one about thousands.

So it is put together once and planned once; fifty values apart are each read, checked and bound.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, BindParameter, Boolean, Dialect, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Numbers(TypeDecorator[Sequence[int]]):
    """PostgreSQL has a type for them; for SQLite they are written as JSON."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        plain = Text() if dialect.name == "sqlite" else ARRAY(BigInteger)
        return dialect.type_descriptor(plain)

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        return json.dumps(value) if dialect.name == "sqlite" else value


class Among(FunctionElement[bool]):
    """A column is one of the numbers in a parameter of this type."""

    inherit_cache = True
    name = "among"
    type = Boolean()

    def __init__(self, column: Any, numbers: BindParameter[Any]) -> None:
        super().__init__(column, numbers)

    def self_group(self, against: Any = None) -> "Among":  # noqa: ARG002 - the library's signature
        """It stands as it is: SQLite, asked whether it `= 1`, would use no index."""
        return self


@compiles(Among)
def _by_array(among: Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, numbers = (compiler.process(part, **kw) for part in among.clauses)
    return f"{column} = ANY ({numbers})"


@compiles(Among, "sqlite")
def _by_json(among: Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, numbers = (compiler.process(part, **kw) for part in among.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 - put together by SQLAlchemy
