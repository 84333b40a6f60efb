"""Which survey, which period, whose language."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, ValidationError

from core.application import LANGUAGES, language_name
from core.fields import DayField
from core.languages import WRITTEN
from reports.narrowing import Narrowed
from surveys.models import Survey
from triage.wording import CHANNELS

NAMES = {"nl": "Nederlands", "en": "English"}


class ReportForm(FlaskForm):  # type: ignore[misc]
    """A period of local days, both included; last month unless chosen otherwise."""

    survey = SelectField(_l("Survey"), coerce=int)
    first = DayField(_l("First day"), validators=[InputRequired(_l("Give the first day."))])
    last = DayField(_l("Last day"), validators=[InputRequired(_l("Give the last day."))])
    channel = SelectField(
        _l("They hear"),
        choices=[SelectChoice("", _l("all")), *(SelectChoice(*pair) for pair in CHANNELS.items())],
    )
    answered_in = SelectField(_l("They answered in"))
    language = SelectField(
        _l("Language of the report"), choices=[SelectChoice(code, NAMES[code]) for code in LANGUAGES]
    )

    def validate_last(self, field: DayField) -> None:
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(_("The period ends before it begins."))

    def only(self) -> Narrowed:
        return Narrowed(self.channel.data or "", self.answered_in.data or "")

    def days(self) -> tuple[date, date]:
        """The first and the last day, once the form was validated."""
        if not self.first.data or not self.last.data:
            raise ValueError("a form that was not validated has no days")
        return self.first.data, self.last.data


def report_form(surveys: list[Survey], today: date, language: str) -> ReportForm:
    last = today.replace(day=1) - timedelta(days=1)
    form = ReportForm(first=last.replace(day=1), last=last, language=language)
    form.survey.choices = [SelectChoice(s.id, s.title_in(language)) for s in surveys]
    spoken = {*LANGUAGES, *(code for survey in surveys for code in survey.title)}
    named = (SelectChoice(code, language_name(code)) for code in WRITTEN if code in spoken)
    form.answered_in.choices = [SelectChoice("", _("all")), *named]
    return form
