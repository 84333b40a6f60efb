"""What the kinds with a fixed list of answers share: `options["choices"]`, a list of {key, words: {language: text}}."""

from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from core.errors import DomainError
from core.languages import in_language
from surveys.kinds.base import Kind, OneOf, Value, listed, prompt, required, words_of
from surveys.models import Question
from surveys.models_responses import Answer


def choice_kind(name: str) -> Kind:
    """One of the list."""
    return Kind(name, _field, _read, "radio", words=_words, answers=keys)


def keys(question: Question, list_name: str = "choices") -> list[str]:
    return [one["key"] for one in question.options[list_name]]


def lines_of(question: Question, list_name: str, language: str) -> list[tuple[str, str]]:
    """(key, words in a language) of each."""
    return [(one["key"], in_language(one["words"], language)) for one in question.options[list_name]]


def _field(question: Question, language: str) -> Field:
    offered = listed(question.options["choices"], language)
    return OneOf(prompt(question, language), validators=required(question), choices=offered)


def _read(question: Question, sent: Any) -> Value | None:
    if sent is None or sent == "":
        return None
    if sent not in keys(question):
        raise DomainError(
            _("“%(key)s” is one of: %(keys)s.", key=question.key, keys=", ".join(keys(question)))
        )
    return Value(text=sent)


def _words(answer: Answer, language: str) -> str:
    return words_of(answer.question.options["choices"], answer.text or "", language)
