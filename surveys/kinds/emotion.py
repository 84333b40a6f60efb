"""How do you feel about it? One word of theirs, in one tap; a comment beside it carries it."""

from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from core.errors import DomainError
from surveys.emotions import EMOTIONS
from surveys.kinds.base import Kind, OneOf, Value, choices, prompt, required
from surveys.models import Question
from surveys.models_responses import Answer


def _field(question: Question, language: str) -> Field:
    offered = choices((key, EMOTIONS[key]) for key in reversed(EMOTIONS))
    return OneOf(prompt(question, language), validators=required(question), choices=offered)


def _read(question: Question, sent: Any) -> Value | None:
    if sent is None or sent == "":
        return None
    if sent not in tuple(EMOTIONS):
        raise DomainError(_("“%(key)s” is one of: %(keys)s.", key=question.key, keys=", ".join(EMOTIONS)))
    return Value(text=sent)


def _words(answer: Answer, _language: str) -> str:
    return str(EMOTIONS.get(answer.text or "", answer.text or ""))


KIND = Kind("emotion", _field, _read, "words", words=_words, answers=lambda _question: tuple(EMOTIONS))
