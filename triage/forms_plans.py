"""The forms of a plan that goes otherwise: a later date with its reason, and for whom it waits."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from core.application import LANGUAGES, language_name
from core.fields import DayField, on_a_working_day, within
from triage.forms_actions import as_lines
from triage.models import Action
from triage.waiting import Waiting, problems
from triage.writing.checking import Setting
from triage.writing.forms import SpokenForm
from triage.writing.overruling import Spoken

REASON = 1000
"""Characters of a reason in one language."""


class DelayForm(SpokenForm):
    """A later day, and the reason that everyone reads who was told the old one."""

    due_on = DayField(
        _l("The new date"), validators=[InputRequired(_l("Give the new date.")), on_a_working_day]
    )

    def __init__(self, formdata: Any = _Auto, also: str = "") -> None:
        """`also`: the reason in languages that this form has no field for."""
        super().__init__(formdata=formdata)
        self.also = also
        for language, field in self.notes.items():
            field.label.text = _("The reason, in %(language)s", language=language_name(language))

    @property
    def notes(self) -> dict[str, Field]:
        """language → the field with the reason in it"""
        return {language: self[f"reason_{language}"] for language in LANGUAGES}

    def spoken(self) -> list[Spoken]:
        about = Setting(day=self.due_on.data)
        return [Spoken(f"reason_{x}", x, words, about) for x, words in self.reasons.items()]

    @property
    def reasons(self) -> dict[str, str]:
        return {language: as_lines(field.data) for language, field in self.notes.items()}

    def validate(self, extra_validators: object = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if not "".join([self.also, *self.reasons.values()]).strip():
            first = self.notes[LANGUAGES[0]]
            first.errors = [_("Give the reason: the respondent reads it together with the new date.")]
            return False
        return sound


for _language in LANGUAGES:
    setattr(DelayForm, f"reason_{_language}", TextAreaField(validators=[within(REASON)]))


class WaitingForm(FlaskForm):  # type: ignore[misc]
    """For whom, since when, and when we ask again."""

    since = DayField(_l("Since"), validators=[Optional()])
    ask_again_on = DayField(_l("We ask again on"), validators=[Optional(), on_a_working_day])

    def __init__(self, action: Action, today: date) -> None:
        super().__init__(
            data={
                **{f"whom_{x}": words for x, words in action.waiting_for.items()}, "since": action.waiting_since or today, "ask_again_on": action.ask_again_on
            }
        )  # fmt: skip
        self.today = today
        for language, field in self.whom.items():
            field.label.text = _("For whom, in %(language)s", language=language_name(language))

    @property
    def whom(self) -> dict[str, Field]:
        """language → the field with the words in it"""
        return {language: self[f"whom_{language}"] for language in LANGUAGES}

    def validate(self, extra_validators: object = None) -> bool:
        sound: bool = super().validate(extra_validators)
        wrong = problems(self.waiting(), self.today) if sound else {}
        for part, sentence in wrong.items():
            field = self.whom[LANGUAGES[0]] if part == "whom" else self[part]
            field.errors = [*field.errors, sentence]
        return sound and not wrong

    def waiting(self) -> Waiting:
        return Waiting(
            {x: field.data or "" for x, field in self.whom.items()}, self.since.data, self.ask_again_on.data
        )


for _language in LANGUAGES:
    setattr(WaitingForm, f"whom_{_language}", StringField(validators=[within(200)]))
