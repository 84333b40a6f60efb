"""The form a customer fills in: a field for each published question, read back into a submission."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import get_template_attribute
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Field, StringField
from wtforms.form import BaseForm

from core.errors import DomainError
from core.text import one_line
from customers.recognising import Contact
from surveys.answering import Submission
from surveys.kinds import KINDS
from surveys.kinds.base import Meta, in_language
from surveys.models import Question, Survey, Version
from surveys.versions import drawn_once

TOKEN, TRAP = "terugkoppel-token", "terugkoppel-website"
ENDS = {"nps": (_l("not at all likely"), _l("extremely likely"))}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page shows it: its field, how it is drawn, its help, and the words at both ends of a scale."""

    field: Field
    widget: str
    help: str
    low: str
    high: str


class AnswerForm(BaseForm):
    """The questions of a version in a language, under their own keys; beside them a trap for machines."""

    def __init__(self, version: Version, language: str) -> None:
        self.version, self.language = version, language
        fields: dict[str, Any] = {q.key: KINDS[q.kind].field(q, language) for q in version.questions}
        trap = StringField(_l("Leave this empty"), filters=[lambda text: one_line(text or "")])
        super().__init__({**fields, TRAP: trap}, meta=Meta())

    def blank(self, preselected: Mapping[str, str]) -> "AnswerForm":
        """As it is first shown; an address may say answers beforehand, which sends nothing."""
        self.process(data=_said(self.version, preselected))
        return self

    @property
    def asked(self) -> list[Asked]:
        return [_asked(q, self[q.key], self.language) for q in self.version.questions]

    @property
    def trapped(self) -> bool:
        return bool(self[TRAP].data)

    def typed(self) -> list[tuple[str, str]]:
        """(question, words) of all that was filled in, to be kept when it cannot be taken."""
        return [(str(a.field.label.text), words) for a in self.asked for words in _words(a.field.data)]

    def submission(self, nonce: str) -> Submission | None:
        """What was sent in; None when something is not right, each with a sentence beside it."""
        sound = self.validate()
        answers = {q.key: value for q in self.version.questions if (value := self._read(q))}
        if sound and not self.errors and not answers:
            self.form_errors.append(_("Nothing is filled in yet."))
        contact, wants = self._contact()
        return None if self.errors else Submission(answers, self.language, nonce, contact, wants)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.trapped:
            self[TRAP].errors = [_("This is a trap for machines. Empty it, and send again.")]
        return sound and not self.trapped

    def _read(self, question: Question) -> tuple[float | None, str | None] | None:
        field = self[question.key]
        try:
            value = None if field.errors else KINDS[question.kind].read(question, field.data)
        except DomainError as error:
            field.errors = [error.sentence]
            return None
        return (value.number, value.text) if value else None

    def _contact(self) -> tuple[Contact, str]:
        """Nothing about a person is kept unless they want to hear by mail."""
        said = next(
            (self[q.key].data for q in self.version.questions if q.kind == "contact"), {"wants": "page"}
        )
        if said["wants"] != "mail":
            return Contact(), said["wants"]
        return Contact(name=said["name"], email=said["email"], language=self.language), "mail"


def untouched(version: Version, language: str, said: Mapping[str, str]) -> Markup | None:
    """The questions with nothing in them; None where an address says answers beforehand."""
    if _said(version, said):
        return None
    return drawn_once(version, language, lambda: draw(AnswerForm(version, language).blank({})))


def draw(form: AnswerForm) -> Markup:
    drawn: Markup = get_template_attribute("surveys/public/questions.html", "questions")(form)
    return drawn


def _said(version: Version, preselected: Mapping[str, str]) -> dict[str, str]:
    """question → answer, as an address says it."""
    known = {q.key for q in version.questions if q.kind != "contact"}
    return {key: text for key, text in preselected.items() if key in known and "\x00" not in text}


def purpose(survey: Survey) -> str:
    """What the token of a survey's form is for."""
    return f"survey:{survey.slug}"


def _asked(question: Question, field: Field, language: str) -> Asked:
    low, high = ENDS.get(question.kind, ("", ""))
    return Asked(
        field, KINDS[question.kind].widget, in_language(question.help, language), str(low), str(high)
    )


def _words(data: Any) -> list[str]:
    """What somebody typed or chose, blank parts left out."""
    parts = [data["name"], data["email"]] if isinstance(data, dict) else [data]
    return [part for part in parts if part and part.strip()]
