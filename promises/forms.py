"""The form that moves a promise."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, TextAreaField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from core import clock
from core.fields import DayField, on_a_working_day, within
from promises.models import Promise
from promises.moving import When


class MoveForm(FlaskForm):  # type: ignore[misc]
    """A later day, and the reason that the respondent reads with it."""

    due_on = DayField(
        _l("The new date"), validators=[InputRequired(_l("Give the new date.")), on_a_working_day]
    )
    reason = TextAreaField(
        _l("The reason"),
        validators=[
            DataRequired(_l("Give the reason: the respondent reads it together with the new date.")),
            within(1000),
        ],
        description=_l("It is sent with the new date, in these words."),
    )

    def __init__(self, promise: Promise, timezone: str) -> None:
        super().__init__()
        self.promise, self.timezone = promise, timezone

    def validate_due_on(self, field: Field) -> None:
        promised: datetime = self.promise.due_at
        if (
            field.errors
            or not field.data
            or self.promise.ended_at
            or When.by(field.data, self.timezone).at > promised
        ):
            return
        day = clock.local_date(promised, self.timezone)
        raise ValidationError(
            _("That is not later than the date that was promised, %(day)s.", day=day.isoformat())
        )


class ProgressForm(FlaskForm):  # type: ignore[misc]
    """How it stands, in words the respondent reads, and by when there is more."""

    words = TextAreaField(
        _l("How does it stand?"),
        validators=[DataRequired(_l("Say how it stands, in words the respondent reads.")), within(2000)],
    )
    next_on = DayField(
        _l("They hear more by"), validators=[InputRequired(_l("Give the next date.")), on_a_working_day]
    )
