"""Find comments in their index: few of them are fetched by number, many are met while a list is walked.

Asked for with signs ("100%"), the text itself is read, of the newest comments that match otherwise.
"""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from sqlalchemy import String, column, func, or_, select, text

from core.db import db
from core.rows import among, first
from core.text import spellings
from surveys.models_responses import Answer
from triage.inbox.conditions import holds_mark
from triage.inbox.finding_postgresql import numbers
from triage.inbox.seeking import Found, Sought
from triage.models import Comment
from triage.models_index import CommentIndex

FEW = 2_000
"""Up to here numbers are fetched; above it one in so many of a list is met soon enough."""
READ = 1_000
"""So many texts of each part are read for signs, the newest first: no index holds signs, and the page says where they were looked for."""


class Part:
    """What matches of the comments that need a person, or of those that do not: each has an index of its own."""

    def __init__(self, what: Sought, *, is_open: bool) -> None:
        self._what, self._is_open = what, is_open

    @property
    def newest(self) -> list[int]:
        """Their numbers, newest first: all of a few, or more than are counted."""
        return self._found.ids

    def up_to(self, most: int) -> int:
        """How many, at most so many: where no page lists them no more are looked for."""
        if self._what.signs or "_found" in vars(self):
            return min(len(self.newest), most)
        return len(_find(self._what, most - 1, self._is_open).ids)

    @property
    def few(self) -> list[int] | None:
        """All of them, or all that were read for signs; None where there are more than a few."""
        return self._found.ids if self._found.all or self._what.signs else None

    @property
    def cut_short(self) -> bool:
        """It was looked for by signs, and there are more texts than were read."""
        return bool(self._what.signs) and not self._found.all

    @cached_property
    def _found(self) -> Found:
        return (
            _with_signs(self._what, self._is_open)
            if self._what.signs
            else _find(self._what, FEW, self._is_open)
        )


class Matches:
    """What somebody looks for, each part of it found once a page, however many ask."""

    def __init__(self, what: Sought) -> None:
        self.what = what
        self.open, self.done = (Part(what, is_open=so) for so in (True, False))

    def cut_short(self, state: str) -> bool:
        """Of what is in this state not all was read for the signs that were asked for."""
        return (state in {"", "open"} and self.open.cut_short) or (state != "open" and self.done.cut_short)

    @property
    def few(self) -> list[int] | None:
        """Of both parts, newest first; None where one of them has more than a few."""
        open_, done = self.open.few, self.done.few
        return None if open_ is None or done is None else sorted(open_ + done, reverse=True)


def _find(what: Sought, most: int, is_open: bool) -> Found:
    """Up to so many that match marks and words, the newest where the database has them in that order."""
    if what.nothing:
        return Found([], all=True)
    if db.engine.dialect.name != "sqlite":
        return numbers(what, most, is_open)
    ids = _of_sqlite(what, most + 1, is_open)
    return Found(ids, len(ids) <= most)


def _of_sqlite(what: Sought, most: int, is_open: bool) -> list[int]:
    """A mark that most comments have costs the reading of a list as long as they are: first without those."""
    alone = _alone(what.organisation_id)
    if what.narrow or what.words:
        ids = _search(what, what.narrow, most, is_open)
        if alone and what.narrow == what.marks:
            return ids
        if len(ids) < most:
            return _with_the_rest(what, ids)
    return _search(what, what.marks if alone and what.marks else what.tokens, most, is_open)


def _alone(organisation_id: int) -> bool:
    """No other organisation has comments: then all that is found is theirs."""
    return tuple(first(_OF_WHOM)) == (organisation_id, organisation_id)


def _search(what: Sought, tokens: Iterable[str], most: int, is_open: bool) -> list[int]:
    """There is no quote in a mark or a word."""
    sought = " AND ".join([*(f'"{token}"' for token in tokens), *(f'"{word}" *' for word in what.words)])
    values = {"sought": sought, "first": what.first, "end": what.end, "most": most}
    return sorted(json.loads(first(_SQLITE[is_open], **values).numbers), reverse=True)


def _with_the_rest(what: Sought, ids: list[int]) -> list[int]:
    if not ids:
        return []
    whole = [holds_mark(CommentIndex.tokens, f" {m} ") for m in what.marks if m not in what.narrow]
    query = select(CommentIndex.comment_id).where(among(CommentIndex.comment_id, ids), *whole)
    ours = query.where(CommentIndex.organisation_id == what.organisation_id)
    return _fetched(ours.order_by(CommentIndex.comment_id.desc()))


def _with_signs(what: Sought, is_open: bool) -> Found:
    """`all`: every text was read that matches otherwise."""
    read = _find(what, READ, is_open)
    query = select(Comment.id).join(Answer, Answer.id == Comment.answer_id)
    said = (or_(*(Answer.text.icontains(s, autoescape=True) for s in spellings(sign))) for sign in what.signs)
    query = query.where(among(Comment.id, read.ids[:READ]), *said)
    return Found(_fetched(query.order_by(Comment.id.desc())), read.all)


def _fetched(query: Any) -> list[int]:
    """All at once: to be given thousands one by one costs more than to find them."""
    return list(db.session.connection().scalars(query).all())


_OF_WHOM = select(
    select(func.min(CommentIndex.organisation_id)).scalar_subquery(),
    select(func.max(CommentIndex.organisation_id)).scalar_subquery(),
)
"""Two steps in an index; asked for together they read all of it."""
_SQLITE = {
    is_open: text(
        f"SELECT json_group_array(rowid) FROM (SELECT rowid FROM {words} WHERE {words} MATCH :sought "  # noqa: S608 - our own names
        "AND rowid >= :first AND (:end IS NULL OR rowid < :end) ORDER BY rowid DESC LIMIT :most)"
    ).columns(column("numbers", String))
    for is_open, words in ((True, "comment_words_open"), (False, "comment_words"))
}
"""As one value: two thousand rows cost more to be handed over than to be found."""
