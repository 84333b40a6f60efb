"""A list in order of importance: a place for each, chosen from a list of places, so that it needs no dragging.

Kept as a JSON list of keys, the first one first. All of them get a place, or none does.
"""

import json
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, SelectField

from core.errors import DomainError
from surveys.kinds.base import Kind, Value, choices, never_said, words_of
from surveys.kinds.choice import keys, lines_of
from surveys.kinds.lines import LinesForm, lines_field
from surveys.models import Question
from surveys.models_responses import Answer


class RankingForm(LinesForm):
    """Each line has a place of its own, or none has one."""

    @property
    def data(self) -> list[str]:  # type: ignore[override]
        """The keys in order."""
        return sorted(self.chosen, key=lambda key: int(self.chosen[key]))

    def validate(self, extra_validators: Any = None) -> bool:
        sound, taken = super().validate(extra_validators), set()
        for line in self if sound and self.chosen else ():
            if not line.data:
                line.errors = [_("Give this one a place too, or none of them.")]
            elif line.data in taken:
                line.errors = [_("This place is taken. Give each one a place of its own.")]
            taken.add(line.data)
        return not self.errors


def _field(question: Question, language: str) -> Field:
    places = choices([("", "–"), *_places(len(keys(question)))])
    return lines_field(
        RankingForm, question, lines_of(question, "choices", language), language,
        lambda words: SelectField(words, choices=places, default=""),
    )  # fmt: skip


def _places(last: int) -> list[tuple[str, str]]:
    """Both ends say which end they are: 1 could as well be the fewest points."""
    ends = {1: _("1, the most important"), last: _("%(n)d, the least important", n=last)}
    return [(str(n), ends.get(n, str(n))) for n in range(1, last + 1)]


def _read(question: Question, sent: Any) -> Value | None:
    if sent is None or sent in ("", []):
        return None
    offered = keys(question)
    texts = isinstance(sent, list) and all(isinstance(one, str) for one in sent)
    if not texts or sorted(sent) != sorted(offered):
        raise DomainError(
            _(
                "“%(key)s” is a list, in order, of all of: %(keys)s.",
                key=question.key,
                keys=", ".join(offered),
            )
        )
    return Value(text=json.dumps(sent, ensure_ascii=False))


def _words(answer: Answer, language: str) -> str:
    offered = answer.question.options["choices"]
    placed = enumerate(json.loads(answer.text or "[]"), start=1)
    return " ".join(f"{n}. {words_of(offered, key, language)}" for n, key in placed)


def _data(answer: Answer) -> dict[str, str]:
    order = json.loads(answer.text or "[]")
    lines = enumerate(keys(answer.question))
    return {f"line{n}": str(order.index(key) + 1) for n, key in lines if key in order}


KIND = Kind(
    "ranking",
    _field,
    _read,
    "lines",
    words=_words,
    data=_data,
    said=never_said,
    parts=lambda q: len(keys(q)),
    composed=True,
)
