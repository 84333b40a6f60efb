"""A day, kept as 2026-11-26; the browser shows a calendar in the reader's own way."""

from datetime import date
from typing import Any

from babel.dates import format_date
from flask_babel import gettext as _
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from core.errors import DomainError
from core.fields import DayInput, is_day
from surveys.kinds.base import Kind, Value, prompt, required
from surveys.models import Question
from surveys.models_responses import Answer

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)


def _field(question: Question, language: str) -> Field:
    return StringField(
        prompt(question, language), validators=[*required(question), _is_a_day], widget=DayInput()
    )


def _is_a_day(_form: Any, field: Field) -> None:
    if _day(field.data) is None:
        raise ValidationError(_no_day())


def _read(question: Question, sent: Any) -> Value | None:
    if sent is None or sent == "":
        return None
    if _day(sent) is None:
        raise DomainError(f"“{question.key}”: {_no_day()}")
    return Value(text=sent)


def _no_day() -> str:
    return _("Give a day from 1900 to 2100, such as 2026-11-26.")


def _day(text: Any) -> date | None:
    found = date.fromisoformat(text) if isinstance(text, str) and is_day(text) else None
    return found if found and FIRST <= found <= LAST else None


def _words(answer: Answer, language: str) -> str:
    return format_date(date.fromisoformat(answer.text or ""), "long", locale=language)


KIND = Kind("date", _field, _read, "input", words=_words)
