"""What the kinds with a fixed list of answers share."""

from typing import Any

from flask_babel import gettext as _
from wtforms import Field, RadioField

from core.errors import DomainError
from surveys.kinds.base import Kind, Value, choices, in_language, prompt, required
from surveys.models import Question


def choice_kind(name: str) -> Kind:
    """One of `options["choices"]`: a list of {key, words: {language: text}}."""
    return Kind(name, _field, _read, "radio")


def _field(question: Question, language: str) -> Field:
    offered = choices((c["key"], in_language(c["words"], language)) for c in question.options["choices"])
    return RadioField(prompt(question, language), validators=required(question), choices=offered)


def _read(question: Question, sent: Any) -> Value | None:
    if sent is None or sent == "":
        return None
    keys = [c["key"] for c in question.options["choices"]]
    if sent not in keys:
        raise DomainError(_("“%(key)s” is one of: %(keys)s.", key=question.key, keys=", ".join(keys)))
    return Value(text=sent)
