"""Forms of an admin's desk: the organisation's record, its people, its keys."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    EmailField,
    Field,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from accounts.forms import LANGUAGE_NAMES
from accounts.frame import role_words
from accounts.record import Record
from core import clock
from core.access import Role, access
from core.application import LANGUAGES
from core.fields import COLOUR, ColourInput, DayField, not_blank
from core.models import Organisation
from core.text import one_line
from outbox.addresses import one_address
from outbox.gateways import gateway_of

NAME_MISSING = _l("Give the name that customers know.")
CHANNELS = {
    "phone": _l("By phone: a call on a colleague's list"),
    "letter": _l("By letter: printed and posted by you"),
    "sms": _l("By text message: sent through your gateway"),
}
"""Besides mail and a page of their own."""
MONDAY = date(2026, 11, 23)
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)")


def an_address(_form: Form, field: Field) -> None:
    if field.data and not one_address(field.data):
        raise ValidationError(_("This is not one mail address."))


def a_colour(_form: Form, field: Field) -> None:
    """Any colour: the pages darken or lighten it until words in it can be read."""
    if not COLOUR.fullmatch(field.data or ""):
        raise ValidationError(_("A colour looks like #9a3b26."))


def opening_hours(_form: Form, field: Field) -> None:
    found = _HOURS.fullmatch((field.data or "").strip())
    if field.data and not (found and found.group(1, 2) < found.group(3, 4)):
        raise ValidationError(_("Hours look like 09:00-17:00. Leave it empty on a day that you are closed."))


class OrganisationForm(FlaskForm):  # type: ignore[misc]
    """The record that stands on every page and in every message: who you are and how a human can be reached."""

    name = StringField(
        _l("Name"), validators=[InputRequired(NAME_MISSING), not_blank(NAME_MISSING), Length(max=200)]
    )
    phone = TelField(_l("Phone"), validators=[Length(max=40)])
    mail = EmailField(_l("Mail address for customers"), validators=[an_address])
    address = StringField(_l("Postal address"), validators=[Length(max=200)])
    form_of_address = RadioField(
        _l("How you address customers in Dutch"), choices=[SelectChoice("u", "u"), SelectChoice("je", "je")]
    )
    language = SelectField(
        _l("Language"), choices=[SelectChoice(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
    )
    channels = SelectMultipleField(
        _l("Ways to hear that customers may choose"),
        choices=[SelectChoice(name, words) for name, words in CHANNELS.items()],
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    accent = StringField(_l("Accent colour"), validators=[a_colour], widget=ColourInput())

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationForm":
        hours = {
            f"hours_{day}": "-".join(pair) if pair else "" for day, pair in enumerate(organisation.hours)
        }
        form = cls(obj=organisation, data=hours)
        for day, field in enumerate(form.days()):
            field.label.text = format_date(date.fromordinal(MONDAY.toordinal() + day), "EEEE").capitalize()
        return form

    def validate_channels(self, field: Field) -> None:
        if "sms" in (field.data or []) and not gateway_of(access().organisation_id):
            raise ValidationError(_("First set up the gateway that sends them: Settings, Text messages."))

    def days(self) -> Iterator[Field]:
        """Seven fields, Monday first."""
        return (self[f"hours_{day}"] for day in range(7))

    def record(self) -> Record:
        plain = {name: self[name].data for name in ("mail", "form_of_address", "language", "accent")}
        channels = [name for name in CHANNELS if name in (self.channels.data or [])]
        lines = {name: one_line(self[name].data or "") for name in ("name", "phone", "address")}
        return Record(**plain, **lines, hours=self._hours(), channels=channels)

    def _hours(self) -> list[list[str] | None]:
        found = [_HOURS.fullmatch((field.data or "").strip()) for field in self.days()]
        return [[f"{m[1]}:{m[2]}", f"{m[3]}:{m[4]}"] if m else None for m in found]


for _day in range(7):
    setattr(OrganisationForm, f"hours_{_day}", StringField(validators=[opening_hours]))


class LogoForm(FlaskForm):  # type: ignore[misc]
    logo = FileField(
        _l("Picture"),
        description=_l(
            "A PNG or JPEG of at most 2 MB. It is drawn anew: nothing else that is in the file is kept."
        ),
    )

    def content(self) -> bytes:
        return self.logo.data.read() if self.logo.data else b""


class RoleForm(FlaskForm):  # type: ignore[misc]
    role = SelectField(_l("Role"))

    def __init__(self, **defaults: Any) -> None:
        super().__init__(data=defaults)
        self.role.choices = [SelectChoice(role.name, role_words(role)) for role in Role]

    @property
    def chosen(self) -> Role:
        return Role[self.role.data]


class InviteForm(RoleForm):
    name = StringField(_l("Name"), validators=[InputRequired(_l("Give a name.")), Length(max=200)])
    email = EmailField(_l("Mail address"), validators=[InputRequired(_l("Give a mail address.")), an_address])


class AwayForm(FlaskForm):  # type: ignore[misc]
    """The last day away; empty: they are back."""

    until = DayField(_l("Last day away"), validators=[Optional()])

    def moment(self, timezone: str) -> datetime | None:
        return clock.end_of_day(self.until.data, timezone) if self.until.data else None


class KeyForm(RoleForm):
    name = StringField(
        _l("What it is for"),
        validators=[
            InputRequired(_l("Say what the key is for, so that you know which one to withdraw.")),
            Length(max=200),
        ],
    )
