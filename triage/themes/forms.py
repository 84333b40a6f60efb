"""The forms of a theme: what it is called in each language, and what it is merged into."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.validators import InputRequired

from core.application import LANGUAGES, language_name, words
from core.fields import within
from triage.forms import choices
from triage.themes.models import Theme
from triage.themes.theming import LONGEST


class ThemeForm(FlaskForm):  # type: ignore[misc]
    """A field for the name in each language."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(data={f"name_{language}": name for language, name in theme.name.items()})
        for language, field in self.names.items():
            field.label.text = _("Name in %(language)s", language=language_name(language))

    @property
    def names(self) -> dict[str, Field]:
        return {language: self[f"name_{language}"] for language in LANGUAGES}

    def name(self, theme: Theme) -> dict[str, str]:
        """With the words in other languages as they were."""
        return {**theme.name, **{language: field.data or "" for language, field in self.names.items()}}


for _language in LANGUAGES:
    setattr(ThemeForm, f"name_{_language}", StringField(validators=[within(LONGEST)]))


class MergerForm(FlaskForm):  # type: ignore[misc]
    """Which theme stays."""

    into = SelectField(
        _l("Merge it into"),
        validators=[InputRequired(_l("Choose the theme that stays."))],
        validate_choice=False,
    )

    def __init__(self, others: Iterable[Theme]) -> None:
        super().__init__()
        self.into.choices = choices(
            [("", _("choose a theme")), *((str(t.id), words(t.name)) for t in others)]
        )
