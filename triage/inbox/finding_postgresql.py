"""How PostgreSQL is asked for comments: by what singles them out, as far as its own statistics tell.

It takes the making of a `tsvector` for free, and would make one for each line of a list; and it reads all of a long
list before it gives the first few. So it is told: what is rare comes from the index, the rest is looked at in the text.

How often a word is likely it knows by statistics that were made for that (`comment_index_words`): those of an index
which holds only some of the lines it keeps, and never looks at.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import FromClause, Select, String, bindparam, cast, column, func, select, text
from sqlalchemy.dialects.postgresql import TSQUERY

from core.database import counting
from core.rows import first, ones
from triage.inbox.conditions import looked_at, named, parts
from triage.inbox.seeking import Found, Sought
from triage.models_index import CommentIndex

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
    ).columns(column("plan"))
    for is_open, so in ((True, "is_open"), (False, "NOT is_open"))
}


def numbers(what: Sought, most: int, is_open: bool) -> Found:
    """Up to so many that match marks and words; the newest only where texts are read for signs.

    Of what is likely everywhere no more than are counted: it is looked for in line after line.
    """
    marks, words = ({m: f"'{m}'" for m in what.marks}, {w: f"'{w}':*" for w in what.words})
    asked = _what_singles_out([*marks.values(), *words.values()], is_open)
    everywhere = (marks or words) and not asked and not what.dated and not what.signs
    enough = min(most, counting.MANY) if everywhere else most
    seen = [[t for t, part in those.items() if part not in asked] for those in (marks, words)]
    lines = Lines(
        is_open,
        bool(asked),
        len(seen[0]),
        len(seen[1]),
        what.first > 0,
        what.end is not None,
        bool(what.signs),
    )
    said = {
        "sought": " & ".join(asked),
        "organisation_id": what.organisation_id,
        "first": what.first,
        "end": what.end,
    }
    ids: list[int] = ones(_numbers(lines), **said, **parts(*seen), most=enough + 1)
    return Found(ids, len(ids) <= enough)


def _what_singles_out(parts: Collection[str], is_open: bool) -> list[str]:
    """The rarest, and what is about as rare; nothing where even all of these are likely too often."""
    likely, many = {part: _likely(part, is_open) for part in parts}, MANY // 10 if is_open else MANY
    rarest = max(min(likely.values(), default=0), LEAST)
    asked = [part for part, n in likely.items() if n <= TIMES * rarest]
    together = _likely(" & ".join(asked), is_open) if rarest >= many and len(asked) > 1 else rarest
    return asked if together < many else []


def _likely(part: str, is_open: bool) -> int:
    return int(first(_LIKELY[is_open], sought=part).plan[0]["Plan"]["Plan Rows"])


class Lines(NamedTuple):
    """The shape of a search: whether some of it is looked up, and how many marks and words are looked at besides."""

    is_open: bool
    looked_up: bool
    marks: int
    words: int
    since: bool
    until: bool
    newest: bool


@lru_cache(256)
def _numbers(asked: Lines) -> Select[int]:
    """Put together once: that costs more than what it asks."""
    lines = _looked_up(asked.is_open, asked.looked_up)
    since = [lines.c.comment_id >= bindparam("first")] if asked.since else []
    until = [lines.c.comment_id < bindparam("end")] if asked.until else []
    seen = looked_at(named("mark", asked.marks), named("word", asked.words), lines.c.tokens)
    ours = lines.c.organisation_id == bindparam("organisation_id")
    query = select(lines.c.comment_id).where(ours, *since, *until, seen)
    ordered = query.order_by(lines.c.comment_id.desc()) if asked.newest else query
    return ordered.limit(bindparam("most"))


def _looked_up(is_open: bool, by_words: bool) -> FromClause:
    """Apart, so that no limit makes it read a list instead; without parts that list."""
    so = CommentIndex.is_open if is_open else ~CommentIndex.is_open
    lines = select(CommentIndex.comment_id, CommentIndex.organisation_id, CommentIndex.tokens).where(so)
    if not by_words:
        return lines.subquery()
    sought = cast(bindparam("sought", type_=String()), TSQUERY)
    return lines.where(_LINE.bool_op("@@")(sought)).cte("lines").prefix_with("MATERIALIZED")
