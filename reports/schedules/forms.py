"""A schedule of reports: of what, how often, in which language, and who reads it."""

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, ValidationError

from core.application import LANGUAGES
from core.errors import DomainError
from core.fields import within
from reports.forms import NAMES
from reports.schedules.models import RHYTHMS
from reports.schedules.scheduling import addresses
from reports.schedules.wording import EVERY
from surveys.models import Survey

LONGEST = 8000
"""Characters of all addresses together."""
ALL = 0


class ReadersForm(FlaskForm):  # type: ignore[misc]
    """What can be changed of a schedule."""

    language = SelectField(_l("Language"), choices=[SelectChoice(code, NAMES[code]) for code in LANGUAGES])
    readers = TextAreaField(
        _l("Readers"),
        validators=[InputRequired(_l("Give the mail address of somebody who reads it.")), within(LONGEST)],
        render_kw={"rows": 4, "autocomplete": "off", "spellcheck": "false"},
    )

    def validate_readers(self, _field: TextAreaField) -> None:
        try:
            addresses(self.mails())
        except DomainError as refusal:
            raise ValidationError(refusal.sentence) from None

    def mails(self) -> list[str]:
        """As they were typed, however they stand apart."""
        return [mail for mail in re.split(r"[\s,;]+", self.readers.data or "") if mail]


class ScheduleForm(ReadersForm):
    """A new one. Survey and rhythm are chosen once."""

    survey = SelectField(_l("Survey"), coerce=int)
    every = SelectField(_l("How often"), choices=[SelectChoice(name, EVERY[name]) for name in RHYTHMS])


def schedule_form(surveys: list[Survey], language: str) -> ScheduleForm:
    form = ScheduleForm(every="month", language=language)
    each = [SelectChoice(s.id, s.title_in(language)) for s in surveys]
    form.survey.choices = [SelectChoice(ALL, str(_l("All surveys"))), *each]
    return form
