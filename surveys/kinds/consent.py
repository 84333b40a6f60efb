"""A consent. What exactly was agreed to is the question itself, in the response's language, and a version never changes.

Only a tick of the person's own is a consent: no address ticks it beforehand, and no tick is kept as no answer.
"""

from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field
from wtforms.validators import InputRequired, Optional

from core.errors import DomainError
from surveys.kinds.base import Kind, Value, never_said, prompt
from surveys.models import Question
from surveys.models_responses import Answer

NO = (None, "", False, "false", "no")
YES = (True, "true", "yes")


def _field(question: Question, language: str) -> Field:
    must = InputRequired(_("We can only take your answer with your consent: tick it, or do not send it."))
    return BooleanField(prompt(question, language), validators=[must] if question.required else [Optional()])


def _read(question: Question, sent: Any) -> Value | None:
    if any(sent is no or (isinstance(sent, str) and sent == no) for no in NO):
        return None
    if not any(sent is yes or (isinstance(sent, str) and sent == yes) for yes in YES):
        raise DomainError(_("“%(key)s” is true or false.", key=question.key))
    return Value(text="yes")


def _words(_answer: Answer, _language: str) -> str:
    return _("I agree")


KIND = Kind("consent", _field, _read, "check", words=_words, data=lambda a: a.text == "yes", said=never_said)
