"""The forms of a plan that goes otherwise: a later date with its reason, and for whom it waits."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from core.fields import DayField, on_a_working_day, within
from triage.models import Action
from triage.waiting import Waiting, problems


class DelayForm(FlaskForm):  # type: ignore[misc]
    """A later day, and the reason that everyone reads who was told the old one."""

    due_on = DayField(
        _l("The new date"), validators=[InputRequired(_l("Give the new date.")), on_a_working_day]
    )
    delay_reason = TextAreaField(
        _l("The reason"),
        validators=[
            DataRequired(_l("Give the reason: the respondent reads it together with the new date.")),
            within(1000),
        ],
        description=_l("It is sent with the new date, in these words."),
    )


class WaitingForm(FlaskForm):  # type: ignore[misc]
    """For whom, since when, and when we ask again."""

    whom = StringField(
        _l("For whom"), validators=[within(200)], description=_l("As respondents read it: “the supplier”.")
    )
    since = DayField(_l("Since"), validators=[Optional()])
    ask_again_on = DayField(_l("We ask again on"), validators=[Optional(), on_a_working_day])

    def __init__(self, action: Action, today: date) -> None:
        super().__init__(
            data={
                "whom": action.waiting_for, "since": action.waiting_since or today, "ask_again_on": action.ask_again_on
            }
        )  # fmt: skip
        self.today = today

    def validate(self, extra_validators: object = None) -> bool:
        sound: bool = super().validate(extra_validators)
        wrong = problems(self.waiting(), self.today) if sound else {}
        for part, sentence in wrong.items():
            self[part].errors = [*self[part].errors, sentence]
        return sound and not wrong

    def waiting(self) -> Waiting:
        return Waiting(self.whom.data or "", self.since.data, self.ask_again_on.data)
