"""The forms of actions: what was done, planned, or decided against, and when a plan was done."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from core import calendar
from core.access import access
from core.application import LANGUAGES, language_name, words
from core.db import db
from core.fields import DayField, within
from core.models import Organisation
from surveys.queries import colleagues
from triage import wording
from triage.acting import Decision, problems
from triage.forms import choices
from triage.queries import themes
from triage.writing.checking import DUE_ON, Setting
from triage.writing.forms import SpokenForm
from triage.writing.overruling import Spoken

CHECK_BACKS = (7, 14, 28, 56, 84)
"""After how many days those who were told can be asked once more; 0 stands for not."""
CHECK_BACK_CHOICES = {str(n) for n in (0, *CHECK_BACKS)}
NOTE = 2000
"""Characters of the words that respondents read."""


class DecisionForm(SpokenForm):
    """What was done, planned, or decided against; a field for the public words in each language."""

    kind = RadioField(_l("What was decided?"), validators=[InputRequired(_l("Choose what was decided."))])
    title = StringField(_l("In a few words, for colleagues"), validators=[within(200)])
    due_on = DayField(_l("Planned for"), validators=[Optional()])
    done_on = DayField(_l("Done on"), validators=[Optional()])
    reason = TextAreaField(_l("The reason, which the respondent reads"), validators=[within(1000)])
    owner = SelectField(_l("Who does it, or did it"))
    theme = SelectField(_l("Theme"))
    check_back = SelectField(_l("Ask once more whether it helps"), default="28")

    def __init__(self, today: date, emotion: str = "", **defaults: Any) -> None:
        super().__init__(data=defaults)
        self.emotion = emotion
        self.today = today
        self.kind.choices = choices(wording.KINDS)
        self.owner.choices = choices([(str(s.id), s.name) for s in colleagues()])
        self.theme.choices = choices([("", _("none")), *((str(t.id), words(t.name)) for t in themes())])
        self.check_back.choices = choices([("0", _("no")), *((str(n), _after(n)) for n in CHECK_BACKS)])
        for language, field in self.notes.items():
            field.label.text = _("What respondents read, in %(language)s", language=language_name(language))

    @property
    def notes(self) -> dict[str, Field]:
        """language → the field with the words in it"""
        return {language: self[f"note_{language}"] for language in LANGUAGES}

    def spoken(self) -> list[Spoken]:
        """The words in each language, and the reason in the first of them."""
        said = {language: as_lines(field.data) for language, field in self.notes.items()}
        first = next((language for language, words in said.items() if words.strip()), next(iter(said)))
        kind = self.kind.data if self.kind.data == "wont_do" else ""
        reason = Spoken("reason", first, as_lines(self.reason.data), Setting(kind, day=self.due_on.data))
        return [reason, *(Spoken(f"note_{x}", x, words, self._setting()) for x, words in said.items())]

    def _setting(self) -> Setting:
        who = next((s.name for s in colleagues() if str(s.id) == self.owner.data), "")
        mark = DUE_ON if self.kind.data == "planned" else ""
        return Setting(self.kind.data or "", self.emotion, who, self.due_on.data, mark)

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        forged = self.owner.errors or self.theme.errors
        wrong = {} if forged else problems(self.decision(), self.today) | self._day_off()
        for part, sentence in wrong.items():
            field = next(iter(self.notes.values())) if part == "public_note" else self[part]
            field.errors = [*field.errors, sentence]
        return sound and not wrong

    def _day_off(self) -> dict[str, str]:
        """A plan for a day on which nobody works."""
        organisation = db.session.get_one(Organisation, access().organisation_id)
        due_on = self.due_on.data
        if self.kind.data != "planned" or not due_on or due_on < self.today:
            return {}
        sentence = calendar.objection(due_on, organisation)
        return {"due_on": sentence} if sentence else {}

    def decision(self) -> Decision:
        return Decision(
            kind=self.kind.data or "", title=self.title.data or "", owner_id=int(self.owner.data or 0),
            public_note={language: as_lines(field.data) for language, field in self.notes.items()},
            due_on=self.due_on.data, done_on=self.done_on.data, reason=as_lines(self.reason.data),
            theme_id=int(self.theme.data) if self.theme.data else None,
            overrule=self.overruled,
            check_back_days=int(self.check_back.data) if self.check_back.data in CHECK_BACK_CHOICES else 28,
        )  # fmt: skip


for _language in LANGUAGES:
    setattr(DecisionForm, f"note_{_language}", TextAreaField(validators=[within(NOTE)]))


class CompletionForm(FlaskForm):  # type: ignore[misc]
    """When a plan was done; today unless said."""

    done_on = DayField(_l("Done on"), validators=[Optional()])

    def __init__(self, today: date) -> None:
        super().__init__(data={"done_on": today})
        self.today = today

    def validate_done_on(self, field: Field) -> None:
        if field.data and field.data > self.today:
            raise ValidationError(_("What is done was not done in the future."))


def _after(days: int) -> str:
    return ngettext("after %(num)d week", "after %(num)d weeks", days // 7)


def as_lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")
