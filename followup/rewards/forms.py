"""The forms of a survey's rewards: the rule, and codes that are pasted or uploaded."""

from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange

from core.application import LANGUAGES
from core.text import one_line
from followup.rewards.models import Pool
from surveys.invitations.list_files import Row, of_file
from surveys.models import Survey

WORDS = {
    "action": _l("An answer that led to an action: done, or planned"),
    "nth": _l("Every so many answers"),
    "all": _l("Every answer"),
}
MOST = 1_000_000


class RewardForm(FlaskForm):  # type: ignore[misc]
    gives = BooleanField(_l("Give codes"))
    rule = RadioField(
        _l("Who gets one"),
        choices=[SelectChoice(rule, words) for rule, words in WORDS.items()],
        description=_l("The rule never sees a score. Everybody gets one at most."),
        validators=[InputRequired(_l("Choose who gets one."))],
    )
    every = IntegerField(
        _l("Every how many answers"), validators=[InputRequired(_l("Give a number.")), NumberRange(1, 10_000, _l("Give a number from 1 to 10,000."))]
    )  # fmt: skip
    low_at = IntegerField(
        _l("Warn managers below so many codes"),
        validators=[InputRequired(_l("Give a number.")), NumberRange(0, MOST, _l("Give a number from 0 to 1,000,000."))],
    )  # fmt: skip

    def __init__(self, survey: Survey, pool: Pool | None) -> None:
        kept = {f"what_{language}": words for language, words in (pool.what if pool else {}).items()}
        found = (
            {"rule": pool.rule, "every": pool.every, "low_at": pool.low_at}
            if pool
            else {"every": 10, "low_at": 20}
        )
        super().__init__(data={"gives": bool(pool and not pool.stopped_at), **found, **kept})
        self.languages = [language for language in survey.languages if language in LANGUAGES]
        for language, field in self.fields.items():
            name = Locale.parse(language).get_display_name(get_locale()) or language
            field.label.text = _("What it is good for, in %(language)s", language=name)

    @property
    def fields(self) -> dict[str, Field]:
        """language → the field with the words in it"""
        return {language: self[f"what_{language}"] for language in self.languages}

    @property
    def what(self) -> dict[str, str]:
        return {
            language: one_line(field.data or "")
            for language, field in self.fields.items()
            if one_line(field.data or "")
        }

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        if not self.what:
            next(iter(self.fields.values())).errors = [
                _("Say what the code is good for: “5 euros off your next order”.")
            ]
            return False
        return sound


for _language in LANGUAGES:
    setattr(RewardForm, f"what_{_language}", StringField(validators=[Length(max=200)]))


class CodesForm(FlaskForm):  # type: ignore[misc]
    codes = TextAreaField(_l("Codes"), description=_l("One on each line."))
    file = FileField(_l("Or a file"), description=_l("CSV or XLSX: the first column counts."))

    def lines(self) -> list[Row]:
        """DomainError for a file that cannot be read."""
        if self.file.data and getattr(self.file.data, "filename", ""):
            return of_file(self.file.data.read())
        typed = (self.codes.data or "").replace("\x00", "").splitlines()
        return [(number, [line]) for number, line in enumerate(typed, start=1)]
