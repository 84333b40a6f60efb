"""The form that moves a promise."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, TextAreaField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from core import clock
from core.application import language_name
from core.fields import DayField, on_a_working_day, within
from promises.models import Promise
from promises.moving import When


class MoveForm(FlaskForm):  # type: ignore[misc]
    """A later day, and the reason that the respondent reads with it: in their language, else in the survey's."""

    due_on = DayField(
        _l("The new date"), validators=[InputRequired(_l("Give the new date.")), on_a_working_day]
    )
    reason = TextAreaField(
        validators=[within(1000)], description=_l("It is sent with the new date, in these words.")
    )
    reason_else = TextAreaField(
        validators=[within(1000)], description=_l("They read this only where the field above is empty.")
    )

    def __init__(self, promise: Promise, timezone: str) -> None:
        super().__init__()
        self.promise, self.timezone = promise, timezone
        self.own, self.fallback = promise.response.language, promise.response.survey.language
        self.reason.label.text = _("The reason, in %(language)s", language=language_name(self.own))
        if self.fallback == self.own:
            del self.reason_else
            self.reason.flags.required = True
        else:
            self.reason_else.label.text = _(
                "Or, who cannot write that: the reason in %(language)s", language=language_name(self.fallback)
            )

    @property
    def reasons(self) -> dict[str, str]:
        """language → what was written in it"""
        said = {self.fallback: self.reason_else.data or ""} if self.reason_else else {}
        return said | {self.own: self.reason.data or ""}

    def validate(self, extra_validators: object = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if not "".join(self.reasons.values()).strip():
            self.reason.errors = [_("Give the reason: the respondent reads it together with the new date.")]
            return False
        return sound

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
