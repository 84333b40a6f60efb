"""The form of the default closing: after how many days, and a field for the words in each language."""

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, TextAreaField
from wtforms.validators import NumberRange, Optional

from core.fields import within
from core.languages import WRITTEN
from surveys.models import Survey
from surveys.settings.default_closing import LONGEST, WORDS


class ClosingForm(FlaskForm):  # type: ignore[misc]
    days = IntegerField(
        _l("After how many days"),
        validators=[Optional(), NumberRange(1, LONGEST, _l("Give a number from 1 to 365."))],
        description=_l("Left empty, nobody is closed by default."),
    )

    def __init__(self, survey: Survey) -> None:
        kept = {f"words_{language}": words for language, words in survey.closing_words.items()}
        super().__init__(data={"days": survey.closing_days, **kept})
        self.languages = [language for language in survey.languages if language in WRITTEN]
        for language, field in self.notes.items():
            field.label.text = Locale.parse(language).get_display_name(get_locale()) or language

    @property
    def notes(self) -> dict[str, Field]:
        """language → the field with the words in it"""
        return {language: self[f"words_{language}"] for language in self.languages}

    @property
    def words(self) -> dict[str, str]:
        return {language: (field.data or "").replace("\r\n", "\n") for language, field in self.notes.items()}


for _language in WRITTEN:
    setattr(ClosingForm, f"words_{_language}", TextAreaField(validators=[within(WORDS)]))
