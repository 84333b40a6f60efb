"""The form a customer fills in: a field for each published question, read back into a submission."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import get_template_attribute
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Field, StringField
from wtforms.form import BaseForm

from core.db import db
from core.errors import DomainError
from core.languages import in_language
from core.text import one_line
from customers.recognising import Contact
from outbox.channels import ADDRESSED, OFFERED
from surveys import showing
from surveys.answering import Submission
from surveys.kinds import KINDS
from surveys.kinds.base import Meta, ends_of
from surveys.kinds.contact import TYPED, contact_of, offering
from surveys.models import Question, Survey, Version
from surveys.models_responses import Answer
from surveys.showing import Given
from surveys.versions import drawn_once, fields_once

TOKEN, TRAP, VERSION = "terugkoppel-token", "terugkoppel-website", "terugkoppel-version"
Said = Mapping[str, Sequence[str]]
"""What an address says beforehand, by the keys of questions."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page shows it: its field, how it is drawn, its help, and the words at both ends of a scale."""

    key: str
    field: Field
    widget: str
    help: str
    low: str
    high: str
    only_after: str
    """After which answers it is asked, for browsers that cannot hide it until then; empty: always."""
    keeper: str = ""
    """Of a consent: the organisation whose page says what is kept; empty where no page can be opened."""


class AnswerForm(BaseForm):
    """The questions of a version in a language, under their own keys; beside them a trap for machines."""

    def __init__(self, version: Version, language: str) -> None:
        self.version, self.language = version, language
        super().__init__(fields_once(version, language, self._unbound), meta=Meta())

    def _unbound(self) -> dict[str, Any]:
        fields: dict[str, Any] = {q.key: self._field(q) for q in self.version.questions}
        trap = StringField(_l("Leave this empty"), filters=[lambda text: one_line(text or "")])
        return {**fields, TRAP: trap}

    def _field(self, question: Question) -> Field:
        if question.kind == "contact":
            return offering(question, self.language, self.version.offer)
        return KINDS[question.kind].field(question, self.language)

    def blank(self, preselected: Said) -> "AnswerForm":
        """As it is first shown; an address may say answers beforehand, which sends nothing."""
        self.process(data=_said(self.version, preselected))
        return self

    def filled(self, answers: Iterable[Answer]) -> "AnswerForm":
        """With what somebody said before."""
        said = {a.question.key: KINDS[a.question.kind].data(a) for a in answers if a.question.key in self}
        self.process(data=said)
        return self

    @property
    def asked(self) -> list[Asked]:
        return [self._asked(q) for q in self.version.questions]

    def _asked(self, question: Question) -> Asked:
        low, high = ends_of(question, KINDS[question.kind], self.language)
        help, after = in_language(question.help, self.language), self._only_after(question)
        widget, keeper = KINDS[question.kind].widget, self._keeper() if question.kind == "consent" else ""
        return Asked(question.key, self[question.key], widget, help, low, high, after, keeper)

    def _keeper(self) -> str:
        """Nobody's yet while it is being made."""
        survey = db.session.get(Survey, self.version.survey_id) if self.version.survey_id else None
        return survey.organisation.slug if survey else ""

    def _only_after(self, question: Question) -> str:
        rule = showing.rule_of(question)
        if not rule or rule.key not in self:
            return ""
        earlier = self[rule.key]
        answers = [str(one.label) for one in showing.offered(earlier) if one.value in rule.answers]
        return _(
            "Only if you answered “%(question)s” with: %(answers)s.",
            question=earlier.label.text,
            answers=", ".join(answers),
        )

    @property
    def trapped(self) -> bool:
        return bool(self[TRAP].data)

    def typed(self) -> list[tuple[str, str]]:
        """(question, words) of all that was filled in, to be kept when it cannot be taken."""
        seen = [q for q in self.version.questions if q.kind != "hidden"]
        return [(str(self[q.key].label.text), words) for q in seen for words in self._words(q)]

    def _words(self, question: Question) -> list[str]:
        """What somebody typed or chose, blank parts left out."""
        data, kind = self[question.key].data, KINDS[question.kind]
        if question.kind == "contact":
            return [part for name in TYPED if (part := data.get(name)) and part.strip()]
        try:
            value = kind.read(question, data)
        except DomainError:
            return [str(data)]
        answer = Answer(question=question, number=value.number, text=value.text) if value else None
        return [kind.words(answer, self.language)] if answer else []

    def submission(self, nonce: str) -> Submission | None:
        """What was sent in; None when something is not right, each with a sentence beside it."""
        self.validate()
        answers = self._answers()
        if not self.errors and not any(
            q.key in answers and q.kind != "hidden" for q in self.version.questions
        ):
            self.form_errors.append(_("Nothing is filled in yet."))
        contact, wants = self._contact()
        return (
            None
            if self.errors
            else Submission(answers, self.language, nonce, contact, wants, otherwise=self._otherwise())
        )

    def is_sound(self) -> bool:
        """Of a part of the questions: each is judged by itself, and may be left open where it need not be answered."""
        self.validate()
        for question in self.version.questions:
            self._read(question)
        return not self.errors

    def _answers(self) -> dict[str, Given]:
        """In order, so that each question knows what was answered before it; what was not asked is dropped."""
        answers: dict[str, Given] = {}
        for question in self.version.questions:
            if not showing.is_asked(question, self.version, answers):
                _forgive(self[question.key])
            elif value := self._read(question):
                answers[question.key] = value
        return answers

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.trapped:
            self[TRAP].errors = [_("This is a trap for machines. Empty it, and send again.")]
        return sound and not self.trapped

    def _read(self, question: Question) -> Given | None:
        field = self[question.key]
        try:
            value = None if field.errors else KINDS[question.kind].read(question, field.data)
        except DomainError as error:
            field.errors = [error.sentence]
            return None
        return (value.number, value.text) if value else None

    def _contact(self) -> tuple[Contact, str]:
        """Nothing about a person is kept unless they want to hear in a way that needs it."""
        said = next(
            (self[q.key].data for q in self.version.questions if q.kind == "contact"), {"wants": "page"}
        )
        if said["wants"] not in ADDRESSED:
            return Contact(), said["wants"]
        return contact_of(said, self.language), said["wants"]

    def _otherwise(self) -> str:
        """How else they may be told."""
        said = (self[q.key].data for q in self.version.questions if q.kind == "contact")
        found = next((one for one in said if isinstance(one, dict)), {})
        return found.get("otherwise") or "" if found.get("wants") in OFFERED else ""


def untouched(version: Version, language: str, said: Said) -> Markup | None:
    """The questions with nothing in them; None where an address says answers beforehand."""
    if _said(version, said):
        return None
    return drawn_once(version, language, lambda: draw(AnswerForm(version, language).blank({})))


def draw(form: AnswerForm, send: str = "") -> Markup:
    """`send`: what its button says, where it is not a first answer."""
    return drawn("questions", form, send)


def drawn(macro: str, *arguments: Any) -> Markup:
    """What a macro of the questions makes of a form."""
    made: Markup = get_template_attribute("surveys/public/questions.html", macro)(*arguments)
    return made


def _said(version: Version, said: Said) -> dict[str, Any]:
    """question → data of its field, as an address says it."""
    named = [q for q in version.questions if said.get(q.key)]
    found = {q.key: KINDS[q.kind].said(q, said[q.key]) for q in named}
    return {key: data for key, data in found.items() if data}


def purpose(survey: Survey) -> str:
    """What the token of a survey's form is for."""
    return f"survey:{survey.slug}"


def _forgive(field: Field) -> None:
    """Nothing is wrong with an answer to a question that was not asked."""
    for inner in field.form if hasattr(field, "form") else (field,):
        inner.errors = []
