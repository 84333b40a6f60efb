"""The form under a call: what came of it."""

from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, RadioField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from core import clock
from core.fields import DayField

CAME_OF_IT = {
    "reached": _l("I spoke to them: they heard it"),
    "not_reached": _l("Not reached"),
    "wrong_number": _l("Wrong number"),
    "unwanted": _l("They do not want to be called, or to hear more"),
}


class CallForm(FlaskForm):  # type: ignore[misc]
    """`seen`: the tries that stood on the page, so that one call counts once."""

    outcome = RadioField(
        _l("What came of it?"),
        choices=[SelectChoice(name, words) for name, words in CAME_OF_IT.items()],
        validators=[InputRequired(_l("Say what came of the call."))],
    )
    again_on = DayField(_l("Try again on"), validators=[Optional()])
    note = StringField(_l("Note"), validators=[Length(max=500)])
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, 1000)])

    def validate_again_on(self, field: Field) -> None:
        if field.data and self.outcome.data != "not_reached":
            raise ValidationError(_("A next day fits only who was not reached."))

    def again_at(self, timezone: str, now: datetime) -> datetime | None:
        """The morning of that day; of this very day: an hour from now."""
        day = self.again_on.data
        if not day:
            return None
        today = day == clock.local_date(now, timezone)
        return now + timedelta(hours=1) if today else clock.at(day, time(9), timezone)
