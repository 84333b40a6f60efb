"""Fields of forms that say what is wrong in our own words."""

from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, Field, Form
from wtforms.validators import ValidationError

from core.errors import DomainError
from core.text import as_typed, one_line


class DayField(DateField):
    """A day, as a browser's date field sends it: 2026-12-04."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(
                _("“%(text)s” is not a date. An example is 2026-12-04.", text=str(valuelist[0])[:40])
            ) from None
        if self.data and not 1900 < self.data.year < 3000:
            raise ValueError(_("That date is too far away."))


def within(limit: int) -> Any:
    """Text that can be kept, of at most `limit` characters."""

    def check(_form: Form, field: Field) -> None:
        try:
            as_typed(field.data or "", limit)
        except DomainError as error:
            raise ValidationError(error.sentence) from None

    return check


def not_blank(sentence: Any) -> Any:
    """A name of blanks, or of characters that no line can hold, is no name."""

    def check(_form: Form, field: Field) -> None:
        if not one_line(field.data or ""):
            raise ValidationError(sentence)

    return check
