"""What filters ask for, as marks and words to be found in the index of comments."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import NamedTuple

from sqlalchemy import Select, func, select

from core import clock
from core.db import db
from core.ids import row_id
from core.text import word_keys
from surveys.models import Survey
from triage.inbox.filters import SCORES, Filters
from triage.inbox.marks import KINDS, mark
from triage.models import EMOTIONS, Comment
from triage.themes.models import Theme

DAY = timedelta(days=1)
_BROAD = {f"#{KINDS[kind]}" for kind in ("survey", "channel", "language")}
_NOBODY = mark("assignee", 0)
Read = Callable[[int, str], str | None]
"""(organisation, what was asked for) → the mark of it; None where there is no such thing"""


@dataclass(frozen=True, slots=True)
class Sought:
    """`marks` stand in the line of a comment as they are, `words` begin one of its words, `signs` stand in its text.

    `first` and `end` are numbers of comments, `end` not part of it. `nothing`: something was asked for that there is not.
    """

    organisation_id: int
    marks: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    first: int = 0
    end: int | None = None
    nothing: bool = False

    @property
    def everything(self) -> bool:
        return self == Sought(self.organisation_id)

    @property
    def dated(self) -> bool:
        return self.first > 0 or self.end is not None

    @property
    def tokens(self) -> tuple[str, ...]:
        """The marks, and whose: a survey and a theme are ours already."""
        sealed = any(m.startswith(("#s", "#t")) for m in self.marks)
        return self.marks if sealed else (mark("organisation", self.organisation_id), *self.marks)

    @property
    def narrow(self) -> tuple[str, ...]:
        """The marks that single out: of a survey, of nobody, or of a channel there may be as many as of all."""
        return tuple(m for m in self.marks if m[:2] not in _BROAD and m != _NOBODY)


class Found(NamedTuple):
    ids: list[int]
    """the newest first where that was asked for"""
    all: bool
    """There are no others."""


def sought(organisation_id: int, wanted: Filters, timezone: str, me: int | None = None) -> Sought:
    """Everything but the state, which the list is divided by; `me` is the colleague who asks."""
    marks = [_MARKS[name](organisation_id, value) for name in _MARKS if (value := _said(wanted, name, me))]
    known = tuple(m for m in marks if m)
    try:
        first, end = (
            _first(organisation_id, wanted.since, timezone),
            _end(organisation_id, wanted.until, timezone),
        )
    except (ValueError, OverflowError):
        return Sought(organisation_id, nothing=True)
    words, signs = tuple(word_keys(wanted.q)), _signs(wanted.q)
    return Sought(
        organisation_id, known, words, signs, first or 0, end, len(known) < len(marks) or first is None
    )


def _said(wanted: Filters, name: str, me: int | None) -> str:
    value: str = getattr(wanted, name)
    return str(me or 0) if (name, value) == ("assignee", "me") else value


def _signs(q: str) -> tuple[str, ...]:
    """Parts that hold more than letters and digits: those are looked for as they were typed."""
    return tuple(part for part in q.split() if re.search(r"[\W_]", part))


def _first(organisation_id: int, day: str, timezone: str) -> int | None:
    """The first comment of that day or later; None where there is none. ValueError for what is no day."""
    return _since(organisation_id, date.fromisoformat(day), timezone) if day else 0


def _end(organisation_id: int, day: str, timezone: str) -> int | None:
    """The first comment after that day; None where there is none, or no day was asked for."""
    return _since(organisation_id, date.fromisoformat(day) + DAY, timezone) if day else None


def _since(organisation_id: int, day: date, timezone: str) -> int | None:
    moment = clock.at(day, time.min, timezone)
    of_ours = select(Comment.id).where(
        Comment.organisation_id == organisation_id, Comment.created_at >= moment
    )
    return db.session.scalar(of_ours.order_by(Comment.created_at, Comment.id).limit(1))


def _survey(organisation_id: int, slug: str) -> str | None:
    return _marked(
        "survey", select(Survey.id).where(Survey.slug == slug, Survey.organisation_id == organisation_id)
    )


def _theme(organisation_id: int, key: str) -> str | None:
    """A theme that was merged is found by the one that holds its comments."""
    holds = select(func.coalesce(Theme.merged_into_id, Theme.id))
    return _marked("theme", holds.where(Theme.key == key, Theme.organisation_id == organisation_id))


def _marked(kind: str, query: Select[int]) -> str | None:
    found = db.session.scalar(query)
    return mark(kind, found) if found else None


def _numbered(kind: str) -> Read:
    def read(_organisation_id: int, number: str) -> str | None:
        try:
            return mark(kind, row_id(number))
        except ValueError:
            return None

    return read


def _assignee(organisation_id: int, who: str) -> str | None:
    return _NOBODY if who == "nobody" else _numbered("assignee")(organisation_id, who)


def _one_of(kind: str, known: tuple[str, ...] = ()) -> Read:
    return lambda _organisation_id, value: mark(kind, value) if not known or value in known else None


_MARKS: dict[str, Read] = {
    "survey": _survey, "round": _numbered("round"), "emotion": _one_of("emotion", EMOTIONS), "theme": _theme, "score": _one_of("score", SCORES),
    "channel": _one_of("channel"), "language": _one_of("language"), "assignee": _assignee, "customer": _numbered("customer"),
}  # fmt: skip
"""filter → the mark that it asks for"""
