"""The form with which staff make a survey: its words in two languages, who signs, and its questions in rows."""

from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, NumberRange

from accounts.models import Staff
from core.application import LANGUAGES
from surveys.building import Draft, ReplyTime
from surveys.kinds.base import Meta, choices
from surveys.question_rows import QuestionRow, clean, slugged, words

KEYS = {"long_text": "comment", "single_choice": "choice", "short_text": "text"}
"""Names of questions in exports and addresses, where they differ from the kind."""
STARTERS = {
    "csat": (_l("How satisfied are you, all in all?"), True),
    "nps": (_l("How likely is it that you recommend us to a friend or colleague?"), False),
    "emotion": (_l("How do you feel about it?"), False),
    "yes_no": (_l("Did it go as you expected?"), False),
    "single_choice": (_l("What was it about?"), False),
    "short_text": (_l("What is your order number?"), False),
    "long_text": (_l("What should we know about it, in your own words?"), False),
    "contact": (_l("May we tell you what we did with your answer?"), False),
}
"""kind → what a new row says, and whether it must be answered"""
FIRST = ("csat", "long_text", "contact")
MOST = 20
WORKING_DAYS, HOURS = 60, 720


class SurveyForm(FlaskForm):  # type: ignore[misc]
    """Everything a survey needs before it can open."""

    class Meta(Meta, FlaskForm.Meta):  # type: ignore[misc]
        pass

    title_nl = StringField(_l("Title in Dutch"), filters=[clean])
    title_en = StringField(_l("Title in English"), filters=[clean])
    language = RadioField(_l("Its own language"), choices=choices([("nl", "Nederlands"), ("en", "English")]))
    slug = StringField(_l("Address"), filters=[clean])
    signer = SelectField(_l("Who signs"), coerce=int)
    deputy = SelectField(_l("Deputy"), coerce=int)
    reply_number = IntegerField(
        _l("Everybody hears within"), [InputRequired(_l("Give a whole number."))], default=5
    )
    reply_unit = RadioField(
        _l("Counted in"),
        choices=choices([("days", _l("working days")), ("hours", _l("hours"))]),
        default="days",
    )
    questions = FieldList(FormField(QuestionRow))

    def staff(self, colleagues: Sequence[Staff]) -> "SurveyForm":
        """Who can be chosen."""
        names = [(person.id, person.name) for person in colleagues]
        self.signer.choices, self.deputy.choices = choices(names), choices([(0, _("Nobody")), *names])
        return self

    def start(self, language: str, signer_id: int) -> "SurveyForm":
        """A new form: three questions that close a loop."""
        self.language.data, self.signer.data = language, signer_id
        for kind in FIRST:
            self.add(kind)
        return self

    def add(self, kind: str) -> None:
        if kind in STARTERS and len(self.questions) < MOST:
            prompt, required = STARTERS[kind]
            said = {f"prompt_{language}": _in(language, prompt) for language in LANGUAGES}
            self.questions.append_entry({"kind": kind, "required": required, **said})

    def remove(self, name: str) -> None:
        self.questions.entries = [row for row in self.questions.entries if row.name != name]

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        language = self.language.data if self.language.data in LANGUAGES else LANGUAGES[0]
        if not self[f"title_{language}"].data:
            self[f"title_{language}"].errors = [_("Give a title in the language of the survey.")]
        for row in self.questions:
            row.form.refuse(language)
        self.questions.errors = [row.form.errors for row in self.questions if row.form.errors]
        if not len(self.questions):
            self.form_errors.append(_("A survey needs at least one question."))
        if [row.form.kind.data for row in self.questions].count("contact") > 1:
            self.form_errors.append(_("Who somebody is can be asked once."))
        return not self.errors

    def validate_reply_number(self, field: IntegerField) -> None:
        most = HOURS if self.reply_unit.data == "hours" else WORKING_DAYS
        NumberRange(1, most, _("Give a number from 1 to %(most)d.", most=most))(self, field)

    def validate_deputy(self, field: SelectField) -> None:
        if field.data and field.data == self.signer.data:
            field.data = 0

    @property
    def reply(self) -> ReplyTime:
        number = self.reply_number.data
        return ReplyTime(None, number) if self.reply_unit.data == "hours" else ReplyTime(number, None)

    @property
    def address(self) -> str:
        return self.slug.data or slugged(self[f"title_{self.language.data}"].data)

    @property
    def titles(self) -> dict[str, str]:
        return words(self, "title")

    def drafts(self) -> list[Draft]:
        """Each with a key of its own: csat, comment, comment_2 …"""
        rows = [row.form for row in self.questions]
        names = [KEYS.get(kind, kind) for kind in (row.kind.data or "" for row in rows)]
        return [row.draft(_numbered(names, n)) for n, row in enumerate(rows)]


def _numbered(names: list[str], n: int) -> str:
    earlier = names[:n].count(names[n])
    return f"{names[n]}_{earlier + 1}" if earlier else names[n]


def _in(language: str, text: Any) -> str:
    with force_locale(language):
        return str(text)
