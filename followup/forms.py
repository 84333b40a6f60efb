"""The form that settles comments: choose what was done, or write it down here and now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from core.application import language_name
from core.fields import within
from followup.beside import Wish
from followup.digests.rounds import DIGEST
from followup.person.forms import SENTENCE, PassingOn
from followup.steps.large_steps import REASON
from promises.forms import MoveForm, ProgressForm
from promises.models import Promise
from triage.forms import choices
from triage.forms_actions import DecisionForm, as_lines
from triage.parting import LONGEST as PART
from triage.queries import ActionLine
from triage.writing.checking import Setting
from triage.writing.forms import SpokenForm
from triage.writing.overruling import Spoken

NEW = "new"


class SettlementForm(PassingOn, DecisionForm):
    """A known action, or NEW with all that a decision needs; and what is for this respondent alone, in their `language`."""

    choice = RadioField(_l("Choose what was done"))
    part = StringField(_l("Does it answer one part of the comment only?"), validators=[within(PART)])
    personal = TextAreaField(
        _l("A sentence of your own, for this person only"), validators=[within(SENTENCE)]
    )

    def __init__(
        self, today: date, actions: Iterable[ActionLine], language: str = "", **defaults: Any
    ) -> None:
        super().__init__(today, **defaults)
        self.language = language
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
        if self.is_new:
            return bool(super().validate(extra_validators))
        sound = [field.validate(self) for field in (self.part, self.personal, self.thanks_to, self.overrule)]
        return self.heeds() and all(sound)

    def spoken(self) -> list[Spoken]:
        own = Spoken("personal", self.language, as_lines(self.personal.data), Setting(emotion=self.emotion))
        return [own, *(super().spoken() if self.is_new else [])]

    def wish(self) -> Wish:
        return Wish(as_lines(self.personal.data).strip(), self.colleague)


class SpokenProgressForm(SpokenForm, ProgressForm):
    """Progress, read by the aid in the language of whoever reads it."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def spoken(self) -> list[Spoken]:
        about = Setting(day=self.next_on.data)
        return [Spoken("words", self.language, as_lines(self.words.data), about)]


class SpokenMoveForm(SpokenForm, MoveForm):
    """A later day, its reason read by the aid in each language it is written in."""

    def __init__(self, promise: Promise, timezone: str) -> None:
        super().__init__(promise, timezone)

    def spoken(self) -> list[Spoken]:
        about = Setting(day=self.due_on.data)
        written = [("reason", self.own), *([("reason_else", self.fallback)] if self.reason_else else [])]
        return [Spoken(name, of, as_lines(self[name].data), about) for name, of in written]


class DigestForm(SpokenForm):
    """The words of a round's digest, a field for each language; `digest_form` makes it."""

    languages: Sequence[str] = ()

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__(data={f"words_{language}": text for language, text in words.items()})
        for language, field in self.notes.items():
            field.label.text = language_name(language)

    @property
    def notes(self) -> dict[str, Field]:
        return {language: self[f"words_{language}"] for language in self.languages}

    def spoken(self) -> list[Spoken]:
        return [Spoken(f"words_{x}", x, text) for x, text in self.words.items()]

    @property
    def words(self) -> dict[str, str]:
        return {language: as_lines(field.data) for language, field in self.notes.items()}


def digest_form(languages: Sequence[str], words: Mapping[str, str]) -> DigestForm:
    """With a field for each of these languages: those of the survey, and any that somebody chose."""
    fields = {f"words_{language}": TextAreaField(validators=[within(DIGEST)]) for language in languages}
    made: type[DigestForm] = type("DigestForm", (DigestForm,), {**fields, "languages": tuple(languages)})
    return made(words)


class RefusalForm(FlaskForm):  # type: ignore[misc]
    """Why a large step is refused; whoever asked reads it."""

    reason = TextAreaField(
        _l("Why not? Whoever asked reads it"),
        validators=[InputRequired(_l("Say why not: whoever asked reads it.")), within(REASON)],
    )
