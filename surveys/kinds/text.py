"""What the two kinds of text share."""

from collections.abc import Callable
from typing import Any

from wtforms import Field, StringField, TextAreaField
from wtforms.validators import ValidationError

from core.errors import DomainError
from core.text import as_typed
from surveys.kinds.base import Kind, Value, prompt, required
from surveys.models import Question


def text_kind(name: str, limit: int, field_type: type[StringField | TextAreaField], widget: str) -> Kind:
    """A text of at most `limit` characters, kept as typed."""

    def field(question: Question, language: str) -> Field:
        return field_type(prompt(question, language), validators=[*required(question), kept_as_typed(limit)])

    def read(_question: Question, sent: Any) -> Value | None:
        text = as_typed(str(sent), limit) if sent is not None else ""
        return Value(text=text) if text.strip() else None

    return Kind(name, field, read, widget)


def kept_as_typed(limit: int) -> Callable[[Any, Field], None]:
    """A validator: the text can be kept, or a sentence says why not."""

    def judge(_form: Any, field: Field) -> None:
        try:
            as_typed(field.data or "", limit)
        except DomainError as error:
            raise ValidationError(error.sentence) from None

    return judge
