"""Find comments in their index: few of them are fetched by number, many are met while a list is walked.

Asked for with signs ("100%"), the text itself is read, of the newest comments that match otherwise.
"""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, text, true

from core.counting import MANY
from core.db import db
from core.rows import among
from core.text import spellings
from surveys.models import Answer
from triage.finding_postgresql import numbers
from triage.marks import DONE, OPEN
from triage.models import Comment, CommentIndex
from triage.seeking import Sought, begins, met, stands

FEW = 2_000
"""Up to here numbers are fetched; above it one in so many of a list is met soon enough."""
READ = 10_000
"""So many texts are read for signs, the newest first."""


class Matches:
    """What somebody looks for, each part of it found once a page, however many ask."""

    def __init__(self, what: Sought, known: list[int] | None = None, *, wide: bool = False) -> None:
        """`wide`: of what singles out there are more than a few, as far as is known."""
        self.what, self._known, self._wide = what, known, wide

    @cached_property
    def newest(self) -> list[int]:
        """Their numbers, newest first; one more than a few says that there are more."""
        if self._known is not None:
            return self._known
        return _with_signs(self.what) if self.what.signs else _ids(self.what, FEW + 1, wide=self._wide)

    @property
    def all(self) -> list[int] | None:
        """None where there are more than a few."""
        return self.newest if self.what.signs or len(self.newest) <= FEW else None

    @cached_property
    def open(self) -> "Matches":
        """Of a few it is seen on each."""
        return Matches(self.what.marked(OPEN), None if self.all is None else _open_of(self.all))

    @cached_property
    def done(self) -> "Matches":
        return self if self.all is not None else Matches(self.what.marked(DONE), wide=True)


def found(what: Sought) -> list[int] | None:
    """Their numbers, newest first; None where there are more than a few."""
    return Matches(what).all


def _open_of(ids: list[int]) -> list[int]:
    query = select(CommentIndex.comment_id).where(among(CommentIndex.comment_id, ids), CommentIndex.is_open)
    return _fetched(query.order_by(CommentIndex.comment_id.desc())) if ids else []


def condition(what: Sought, ids: list[int] | None) -> ColumnElement[bool]:
    """For a query over Comment joined to CommentIndex."""
    if what.everything:
        return true()
    return among(Comment.id, ids) if ids is not None else and_(*_conditions(what))


def count(what: Sought) -> int:
    """At most MANY + 1: more are not counted."""
    return len(_with_signs(what)[: MANY + 1] if what.signs else _ids(what, MANY + 1))


def _ids(what: Sought, most: int, *, wide: bool = False) -> list[int]:
    """So many that match marks and words, the newest where the database has them in that order."""
    if what.nothing:
        return []
    return _of_sqlite(what, most, wide) if db.engine.dialect.name == "sqlite" else numbers(what, most)


def _of_sqlite(what: Sought, most: int, wide: bool) -> list[int]:
    """A mark that most comments have costs the reading of a list as long as they are: first without those."""
    alone = _alone(what.organisation_id)
    if (what.narrow or what.words) and not wide:
        ids = _search(what, what.narrow, most)
        if alone and what.narrow == what.marks:
            return ids
        if len(ids) < most:
            return _with_the_rest(what, ids)
    return _search(what, what.marks if alone and what.marks else what.tokens, most)


def _alone(organisation_id: int) -> bool:
    """No other organisation has comments: then all that is found is theirs."""
    return db.session.connection().execute(_OF_WHOM).one() == (organisation_id, organisation_id)


def _search(what: Sought, tokens: Iterable[str], most: int) -> list[int]:
    """There is no quote in a mark or a word."""
    sought = " AND ".join([*(f'"{token}"' for token in tokens), *(f'"{word}" *' for word in what.words)])
    values = {"sought": sought, "first": what.first, "end": what.end, "most": most}
    return sorted(json.loads(db.session.connection().scalar(_SQLITE, values)), reverse=True)


def _with_the_rest(what: Sought, ids: list[int]) -> list[int]:
    if not ids:
        return []
    whole = [stands(mark) for mark in what.marks if mark not in what.narrow]
    query = select(CommentIndex.comment_id).where(among(CommentIndex.comment_id, ids), *whole)
    ours = query.where(CommentIndex.organisation_id == what.organisation_id)
    return _fetched(ours.order_by(CommentIndex.comment_id.desc()))


def _with_signs(what: Sought) -> list[int]:
    ids = _ids(what, READ)
    query = select(Comment.id).join(Answer, Answer.id == Comment.answer_id).where(among(Comment.id, ids))
    said = (or_(*(Answer.text.icontains(s, autoescape=True) for s in spellings(sign))) for sign in what.signs)
    return _fetched(query.where(*said).order_by(Comment.id.desc()))


def _fetched(query: Any) -> list[int]:
    """All at once: to be given thousands one by one costs more than to find them."""
    return list(db.session.connection().scalars(query).all())


def _conditions(what: Sought) -> list[ColumnElement[bool]]:
    whole = [stands(mark) for mark in what.marks]
    begun = [begins(word) for word in what.words]
    until = [Comment.id < what.end] if what.end is not None else []
    return [Comment.id >= what.first, *until, met([*whole, *begun])]


_OF_WHOM = select(
    select(func.min(CommentIndex.organisation_id)).scalar_subquery(),
    select(func.max(CommentIndex.organisation_id)).scalar_subquery(),
)
"""Two steps in an index; asked for together they read all of it."""
_SQLITE = text(
    "SELECT json_group_array(rowid) FROM (SELECT rowid FROM comment_words WHERE comment_words MATCH :sought "
    "AND rowid >= :first AND (:end IS NULL OR rowid < :end) ORDER BY rowid DESC LIMIT :most)"
)
"""As one value: two thousand rows cost more to be handed over than to be found."""
