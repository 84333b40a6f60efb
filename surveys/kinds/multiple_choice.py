"""Several answers out of a list; kept as a JSON list of their keys, in the order of the list."""

import json
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from core.errors import DomainError
from surveys.kinds.base import Kind, Value, json_data, listed, prompt, required, words_of
from surveys.kinds.choice import keys
from surveys.models import Question
from surveys.models_responses import Answer


class Ticks(SelectMultipleField):
    """A box for each answer."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _field(question: Question, language: str) -> Field:
    return Ticks(
        prompt(question, language),
        validators=required(question),
        choices=listed(question.options["choices"], language),
    )


def _read(question: Question, sent: Any) -> Value | None:
    if sent is None or sent in ("", []):
        return None
    chosen, offered = [sent] if isinstance(sent, str) else sent, keys(question)
    if not isinstance(chosen, list) or not all(isinstance(one, str) and one in offered for one in chosen):
        raise DomainError(
            _("“%(key)s” is a list out of: %(keys)s.", key=question.key, keys=", ".join(offered))
        )
    return Value(text=json.dumps([key for key in offered if key in chosen], ensure_ascii=False))


def _words(answer: Answer, language: str) -> str:
    offered = answer.question.options["choices"]
    return ", ".join(words_of(offered, key, language) for key in json.loads(answer.text or "[]"))


def _said(question: Question, said: Sequence[str]) -> list[str]:
    """Named more than once, or with commas."""
    named = {one for text in said for one in (text, *text.split(","))}
    return [key for key in keys(question) if key in named]


def _parts(question: Question) -> int:
    return len(keys(question))


KIND = Kind(
    "multiple_choice",
    _field,
    _read,
    "checks",
    words=_words,
    data=json_data,
    said=_said,
    parts=_parts,
    answers=keys,
    composed=True,
)
