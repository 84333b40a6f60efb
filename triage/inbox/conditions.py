"""What a comment must be to match, put together once for all that is looked for in one shape: that costs more than to ask it.

A shape says how many marks and words are looked for; which ones goes with the query, as `values`.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    case,
    false,
    literal,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from core.rows import among, these
from triage.inbox.seeking import Sought
from triage.models import Comment
from triage.models_index import CommentIndex

_SPACE = literal(" ", String)


class Shape(NamedTuple):
    """`numbered`: they were found already, and go with the query as numbers. Without any of it all comments match."""

    narrowed: bool
    numbered: bool = False
    marks: int = 0
    words: int = 0
    until: bool = False


def shape(what: Sought, ids: Sequence[int] | None) -> Shape:
    """`ids`: all that match, where they are few."""
    if what.everything:
        return Shape(narrowed=False)
    if ids is not None:
        return Shape(narrowed=True, numbered=True)
    return Shape(True, False, len(what.marks), len(what.words), what.end is not None)


def values(what: Sought, ids: Sequence[int] | None) -> dict[str, Any]:
    """What goes with a condition of that shape."""
    if what.everything:
        return {}
    if ids is not None:
        return {"found": list(ids)}
    until = {} if what.end is None else {"end": what.end}
    return {"first": what.first, **until, **parts(what.marks, what.words)}


def parts(marks: Sequence[str], words: Sequence[str]) -> dict[str, str]:
    """As they stand in a line: between spaces, or after one."""
    stand = {f"mark{n}": f" {mark} " for n, mark in enumerate(marks)}
    return stand | {f"word{n}": f" {word}" for n, word in enumerate(words)}


def looked_at(
    marks: Iterable[Any], words: Iterable[Any], line: Any = CommentIndex.tokens
) -> ColumnElement[bool]:
    """These stand in the line."""
    return met([*(holds_mark(line, mark) for mark in marks), *(holds_word(line, word) for word in words)])


def named(kind: str, so_many: int) -> list[BindParameter[str]]:
    """Marks or words that go with the query, by the names of `parts`."""
    return [bindparam(f"{kind}{n}", type_=String()) for n in range(so_many)]


@lru_cache(256)
def condition(shape: Shape) -> ColumnElement[bool]:
    """For a query over Comment joined to CommentIndex."""
    if not shape.narrowed:
        return true()
    if shape.numbered:
        return among(Comment.id, these("found"))
    until = [Comment.id < bindparam("end")] if shape.until else []
    stand = looked_at(named("mark", shape.marks), named("word", shape.words))
    return and_(Comment.id >= bindparam("first"), *until, stand)


def met_by(what: Sought, ids: Sequence[int] | None) -> ColumnElement[bool]:
    """The same with its values in it, for a query that is not put together once."""
    if what.everything:
        return true()
    if ids is not None:
        return among(Comment.id, ids)
    until = [Comment.id < what.end] if what.end is not None else []
    stand = looked_at((f" {mark} " for mark in what.marks), (f" {word}" for word in what.words))
    return and_(Comment.id >= what.first, *until, stand)


class _Place(FunctionElement[int]):
    """Where a part begins in a line; 0: nowhere. By a function, not by LIKE, which takes twice as long."""

    inherit_cache = True
    name = "place"
    type = Integer()


@compiles(_Place)
def _strpos(place: _Place, compiler: SQLCompiler, **kw: Any) -> str:
    return f"strpos({compiler.process(place.clauses, **kw)})"


@compiles(_Place, "sqlite")
def _instr(place: _Place, compiler: SQLCompiler, **kw: Any) -> str:
    return f"instr({compiler.process(place.clauses, **kw)})"


def holds_mark(line: Any, mark: Any) -> ColumnElement[bool]:
    """The mark comes with a space on both sides."""
    return _Place(_SPACE + line + _SPACE, mark) > 0


def holds_word(line: Any, word: Any) -> ColumnElement[bool]:
    """One of the tokens of the line begins so; the word comes with a space before it."""
    return _Place(_SPACE + line, word) > 0


def met(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """All of them, as one in so many of a list: by a pattern alone PostgreSQL expects next to none, and would sort them all."""
    return case((and_(true(), *conditions), true()), else_=false())
