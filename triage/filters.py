"""What the inbox can be narrowed to, as it stands in the address of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, false, or_

from core.db import Rows
from core.text import spellings
from surveys.models import Answer, Response, Survey
from triage.models import Comment, Theme

STATES = ("open", "held", "settled")
SCORES = tuple(str(n) for n in range(11))


@dataclass(frozen=True, slots=True)
class Filters:
    """Each one as it was written; empty: not asked for. What does not exist matches nothing."""

    state: str = ""
    survey: str = ""
    emotion: str = ""
    theme: str = ""
    score: str = ""
    q: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Filters":
        return cls(**{f.name: sent.get(f.name, "").replace("\x00", "").strip()[:200] for f in fields(cls)})

    def as_args(self) -> dict[str, Any]:
        """The filters that are set, to make an address with."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name))}

    def __bool__(self) -> bool:
        return bool(self.as_args())


def narrowed(query: Rows, wanted: Filters) -> Rows:
    """A query over Comment joined to Response, narrowed to all that was asked but the state."""
    for name, condition in CONDITIONS.items():
        value = getattr(wanted, name)
        query = query.where(condition(value)) if value else query
    return query


def _of_survey(slug: str) -> ColumnElement[bool]:
    return Response.survey.has(Survey.slug == slug)


def _scored(score: str) -> ColumnElement[bool]:
    return Response.score == int(score) if score in SCORES else false()


def _says(words: str) -> ColumnElement[bool]:
    return Comment.answer.has(or_(*(Answer.text.icontains(s, autoescape=True) for s in spellings(words))))


CONDITIONS = {
    "survey": _of_survey,
    "emotion": lambda emotion: Comment.emotion == emotion,
    "theme": lambda key: Comment.themes.any(Theme.key == key),
    "score": _scored,
    "q": _says,
}
