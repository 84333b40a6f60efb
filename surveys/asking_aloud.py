"""The form of a survey as a colleague reads it out on the phone: the same questions, and what differs there."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from core.languages import spoken
from core.text import one_line
from customers.recognising import Contact
from surveys.answering import Submission
from surveys.asking import TRAP, AnswerForm, Asked
from surveys.models import Question, Survey, Version
from surveys.offering import offer_of
from surveys.on_the_phone import SOURCE
from surveys.versions import asked_in, part_of

NUMBER, HEARING = "terugkoppel-number", "terugkoppel-hearing"
"""The names of the customer number, and of how they want to hear in a survey that does not ask it."""


class AloudForm(AnswerForm):
    """Without the trap for machines, and with a number by which a customer may be known."""

    def _unbound(self) -> dict[str, Any]:
        """Kept apart from those of the page for customers by what is offered (`aloud`)."""
        fields = super()._unbound()
        del fields[TRAP]
        number = StringField(_l("Your customer number"), filters=[lambda text: one_line(text or "")])
        return {**fields, NUMBER: number}

    @property
    def trapped(self) -> bool:
        return False

    def _asked(self, question: Question) -> Asked:
        asked = super()._asked(question)
        return replace(asked, help=_consent(asked)) if question.kind == "consent" else asked

    def _keeper(self) -> str:
        """A link cannot be read out."""
        return ""

    def _contact(self) -> tuple[Contact, str]:
        """A number says who they are, whatever they want."""
        contact, wants = super()._contact()
        return replace(contact, external_id=self[NUMBER].data, language=self.language), wants

    def submission(self, nonce: str) -> Submission | None:
        said = super().submission(nonce)
        return replace(said, source=SOURCE, seen=self.version.number) if said else None


def aloud(survey: Survey, language: str, seen: int | None = None) -> Version | None:
    """The published questions, of which the last is always how they want to hear: no address of a page can be read out."""
    version = asked_in(survey, seen)
    if not version:
        return None
    said = part_of(version, _with_hearing(version.questions, spoken(language, survey.organisation.language)))
    said.offer = offer_of(survey.organisation)._replace(own_page=False, own_browser=False)
    return said


def _with_hearing(questions: list[Question], language: str) -> list[Question]:
    if any(q.kind == "contact" for q in questions):
        return questions
    prompt = {language: _("How we tell you what was done")}
    hearing = Question(
        key=HEARING, kind="contact", position=len(questions), prompt=prompt, help={}, options={}
    )
    return [*questions, hearing]


def _consent(asked: Asked) -> str:
    """A consent is theirs: it is asked in words that can be said, and ticked after a yes."""
    ask = _(
        "Ask: “Do you agree to this: %(words)s?” Tick it only after a yes.",
        words=str(asked.field.label.text).rstrip("."),
    )
    return f"{asked.help} {ask}".strip()
