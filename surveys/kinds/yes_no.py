"""Yes or no."""

from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from core.errors import DomainError
from core.languages import LANGUAGES, WRITTEN, Said
from surveys.few_words import few_words
from surveys.kinds.base import Kind, OneOf, Value, choices, prompt, required
from surveys.models import Question
from surveys.models_responses import Answer

ANSWERS = {"yes": "yes", "no": "no", "true": "yes", "false": "no"}


def _field(question: Question, language: str) -> Field:
    return OneOf(
        prompt(question, language),
        validators=required(question),
        choices=choices([("yes", _said("yes", language)), ("no", _said("no", language))]),
    )


def _read(question: Question, sent: Any) -> Value | None:
    if sent is None or sent == "":
        return None
    answer = ANSWERS.get(str(sent).lower())
    if not answer:
        raise DomainError(_("“%(key)s” is yes or no.", key=question.key))
    return Value(text=answer)


def _words(answer: Answer, language: str) -> str:
    return _said("yes" if answer.text == "yes" else "no", language)


def _said(key: str, language: str) -> str:
    """A fixed word where we speak the language; else a word of the question's own language all the same."""
    if language in LANGUAGES or language not in WRITTEN:
        return _("Yes") if key == "yes" else _("No")
    return Said(few_words(key)[language].capitalize(), language)


KIND = Kind("yes_no", _field, _read, "radio", words=_words, answers=lambda _question: ("yes", "no"))
