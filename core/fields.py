"""Fields of forms that say what is wrong in our own words."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import DateField, Field, Form
from wtforms.validators import ValidationError
from wtforms.widgets import ColorInput, DateInput

from core import calendar
from core.access import access
from core.db import db
from core.errors import DomainError
from core.models import Organisation
from core.text import as_typed, one_line

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DayInput(DateInput):
    """A calendar; what is no day comes back as text, since a calendar would be empty and what was typed gone."""

    def __call__(self, field: Field, **attributes: Any) -> Markup:
        return super().__call__(field, **_as_text_unless(is_day, field, attributes))


class ColourInput(ColorInput):
    """A palette; what is no colour comes back as text."""

    def __call__(self, field: Field, **attributes: Any) -> Markup:
        return super().__call__(field, **_as_text_unless(COLOUR.fullmatch, field, attributes))


def _as_text_unless(fits: Callable[[str], Any], field: Field, attributes: dict[str, Any]) -> dict[str, Any]:
    read: Any = field
    shown = str(read._value())  # noqa: SLF001 - what the widget itself asks for
    return attributes if not shown or fits(shown) else {**attributes, "type": "text"}


def is_day(text: str) -> bool:
    """Whether this is a day as browsers write it."""
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


class DayField(DateField):
    """A day, as a browser's date field sends it: 2026-12-04."""

    widget = DayInput()

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
