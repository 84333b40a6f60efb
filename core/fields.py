"""Fields of forms that say what is wrong in our own words."""

from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, Field, Form
from wtforms.validators import ValidationError

from core import calendar
from core.access import access
from core.db import db
from core.errors import DomainError
from core.models import Organisation
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


def on_a_working_day(_form: Form, field: Field) -> None:
    """A day in a weekend or on a public holiday is refused, with the one that would do."""
    if field.data and not field.errors:
        organisation = db.session.get_one(Organisation, access().organisation_id)
        if sentence := calendar.objection(field.data, organisation):
            raise ValidationError(sentence)


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
