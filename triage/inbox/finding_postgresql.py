"""How PostgreSQL is asked for comments: by what singles them out, as far as its own statistics tell.

It takes the making of a `tsvector` for free, and would make one for each line of a list; and it reads all of a long
list before it gives the first few. So it is told: what is rare comes from the index, the rest is looked at in the text.

How often a word is likely it knows by statistics that were made for that (`comment_index_words`): those of an index
which holds only some of the lines it keeps, and never looks at.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import TSQUERY

from core.database import counting
from core.db import db
from triage.inbox.seeking import Found, Sought, begins, met, stands
from triage.models import CommentIndex

MANY = 100_000
"""Where even the rarest is likely so often, some are met at once in any list; of what is open, a tenth is as often."""
TIMES = 10
"""What is likely so many times as often as the rarest is left to be looked at."""
LEAST = 500
_LINE = func.array_to_tsvector(func.string_to_array(CommentIndex.tokens, " "))
_LIKELY = {
    is_open: text(
        "EXPLAIN (FORMAT JSON) SELECT FROM comment_index WHERE array_to_tsvector(string_to_array(tokens, ' ')) "
        f"@@ CAST(:sought AS tsquery) AND {so}"
    )
    for is_open, so in ((True, "is_open"), (False, "NOT is_open"))
}


def numbers(what: Sought, most: int, is_open: bool) -> Found:
    """Up to so many that match marks and words; the newest only where texts are read for signs.

    Of what is likely everywhere no more than are counted: it is looked for in line after line.
    """
    parts = {f"'{mark}'": (stands, mark) for mark in what.marks} | {
        f"'{w}':*": (begins, w) for w in what.words
    }
    asked = _what_singles_out(parts, is_open)
    everywhere = parts and not asked and not what.dated and not what.signs
    enough = min(most, counting.MANY) if everywhere else most
    lines = _looked_up(asked, is_open)
    seen = [holds(token, lines.c.tokens) for part, (holds, token) in parts.items() if part not in asked]
    ids = _first(what, lines, seen, enough + 1)
    return Found(ids, len(ids) <= enough)


def _what_singles_out(parts: Collection[str], is_open: bool) -> list[str]:
    """The rarest, and what is about as rare; nothing where even all of these are likely too often."""
    likely, many = {part: _likely(part, is_open) for part in parts}, MANY // 10 if is_open else MANY
    rarest = max(min(likely.values(), default=0), LEAST)
    asked = [part for part, n in likely.items() if n <= TIMES * rarest]
    together = _likely(" & ".join(asked), is_open) if rarest >= many and len(asked) > 1 else rarest
    return asked if together < many else []


def _likely(part: str, is_open: bool) -> int:
    plan: Any = db.session.scalar(_LIKELY[is_open], {"sought": part})
    return int(plan[0]["Plan"]["Plan Rows"])


def _looked_up(parts: Collection[str], is_open: bool) -> FromClause:
    """Apart, so that no limit makes it read a list instead; without parts that list."""
    so = CommentIndex.is_open if is_open else ~CommentIndex.is_open
    lines = select(CommentIndex.comment_id, CommentIndex.organisation_id, CommentIndex.tokens).where(so)
    if not parts:
        return lines.subquery()
    sought = cast(literal(" & ".join(parts)), TSQUERY)
    return lines.where(_LINE.bool_op("@@")(sought)).cte("lines").prefix_with("MATERIALIZED")


def _first(what: Sought, lines: FromClause, seen: Iterable[ColumnElement[bool]], most: int) -> list[int]:
    until = [lines.c.comment_id < what.end] if what.end is not None else []
    since = [lines.c.comment_id >= what.first] if what.first else []
    query = select(lines.c.comment_id).where(
        lines.c.organisation_id == what.organisation_id, *since, *until, met(seen)
    )
    ordered = query.order_by(lines.c.comment_id.desc()) if what.signs else query
    return list(db.session.connection().scalars(ordered.limit(most)).all())  # at once, as on SQLite
