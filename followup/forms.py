"""The form that settles comments: choose what was done, or write it down here and now."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, TextAreaField

from core.application import LANGUAGES
from core.fields import within
from followup.rounds import DIGEST
from surveys.models import Round
from triage.forms import choices
from triage.forms_actions import DecisionForm, as_lines, language_name
from triage.queries import ActionLine

NEW = "new"


class SettlementForm(DecisionForm):
    """A known action, or NEW with all that a decision needs."""

    choice = RadioField(_l("Choose what was done"))

    def __init__(self, today: date, actions: Iterable[ActionLine], **defaults: Any) -> None:
        super().__init__(today, **defaults)
        self.actions = {str(a.id): a for a in actions}
        self.choice.choices = choices(
            [
                *((id, a.title) for id, a in self.actions.items()),
                (NEW, _("Something that is not in this list")),
            ]
        )

    @property
    def is_new(self) -> bool:
        return bool(self.choice.data == NEW)

    @property
    def action_id(self) -> int | None:
        return None if self.is_new else int(self.choice.data)

    def validate(self, extra_validators: Any = None) -> bool:
        if not self.choice.validate(self):
            self.choice.errors = [_("Choose what was done, or write it down as something new.")]
            return False
        return bool(not self.is_new or super().validate(extra_validators))


class DigestForm(FlaskForm):  # type: ignore[misc]
    """The words of a round's digest, a field for each language of its survey."""

    def __init__(self, round: Round, words: dict[str, str]) -> None:
        super().__init__(data={f"words_{language}": text for language, text in words.items()})
        self.languages = [language for language in round.survey.languages if language in LANGUAGES]
        for language, field in self.notes.items():
            field.label.text = language_name(language)

    @property
    def notes(self) -> dict[str, Field]:
        return {language: self[f"words_{language}"] for language in self.languages}

    @property
    def words(self) -> dict[str, str]:
        return {language: as_lines(field.data) for language, field in self.notes.items()}


for _language in LANGUAGES:
    setattr(DigestForm, f"words_{_language}", TextAreaField(validators=[within(DIGEST)]))
