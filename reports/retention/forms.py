"""How long each category is kept: a choice for each, and what was read before something is kept for a shorter time; and words beside it."""

from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from core.fields import within
from core.keeping import CATEGORIES, Period
from core.languages import LANGUAGES
from reports.retention.own_words import WORDS
from reports.retention.wording import MEANS, NAMES, period_words

ALWAYS = "always"


class KeepingForm(FlaskForm):  # type: ignore[misc]
    """`confirmed`: the shorter periods whose consequences were on the page before."""

    confirmed = HiddenField()

    @classmethod
    def of(cls, periods: dict[str, Period]) -> "KeepingForm":
        form = cls(data={key: _value(days) for key, days in periods.items()})
        for key, category in CATEGORIES.items():
            form[key].choices = [SelectChoice(_value(days), period_words(days)) for days in category.choices]
        return form

    @property
    def fields(self) -> list[Any]:
        return [self[key] for key in CATEGORIES]

    @property
    def wanted(self) -> dict[str, Period]:
        return {key: None if self[key].data == ALWAYS else int(self[key].data) for key in CATEGORIES}


class PrivacyWordsForm(FlaskForm):  # type: ignore[misc]
    """A field for the words in each language that the page of what is kept is there in."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for language, field in self.fields.items():
            field.label.text = Locale.parse(language).get_display_name(get_locale()) or language

    @classmethod
    def of(cls, words: dict[str, str]) -> "PrivacyWordsForm":
        return cls(data={_words_in(language): text for language, text in words.items()})

    @property
    def fields(self) -> dict[str, Any]:
        """language → the field with the words in it"""
        return {language: self[_words_in(language)] for language in LANGUAGES}

    @property
    def words(self) -> dict[str, str]:
        return {language: field.data or "" for language, field in self.fields.items()}


def _words_in(language: str) -> str:
    return f"words_{language}"


def _value(days: Period) -> str:
    return ALWAYS if days is None else str(days)


for _language in LANGUAGES:
    setattr(PrivacyWordsForm, _words_in(_language), TextAreaField(validators=[within(WORDS)]))
for _key in CATEGORIES:
    setattr(KeepingForm, _key, SelectField(NAMES[_key], description=MEANS[_key]))
