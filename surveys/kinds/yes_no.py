"""Yes or no."""

from typing import Any

from flask_babel import gettext as _
from wtforms import Field, RadioField

from core.errors import DomainError
from surveys.kinds.base import Kind, Value, choices, prompt, required
from surveys.models import Answer, Question

ANSWERS = {"yes": "yes", "no": "no", "true": "yes", "false": "no"}


def _field(question: Question, language: str) -> Field:
    return RadioField(
        prompt(question, language),
        validators=required(question),
        choices=choices([("yes", _("Yes")), ("no", _("No"))]),
    )


def _read(question: Question, sent: Any) -> Value | None:
    if sent is None or sent == "":
        return None
    answer = ANSWERS.get(str(sent).lower())
    if not answer:
        raise DomainError(_("“%(key)s” is yes or no.", key=question.key))
    return Value(text=answer)


def _words(answer: Answer, _language: str) -> str:
    return _("Yes") if answer.text == "yes" else _("No")


KIND = Kind("yes_no", _field, _read, "radio", words=_words, answers=lambda _question: ("yes", "no"))
