"""An answer as a program sends it, read by the kinds of the survey's published questions."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _

from core.errors import DomainError
from customers.recognising import Contact, checked_address
from surveys import showing
from surveys.answering import Submission
from surveys.kinds import KINDS
from surveys.models import Question, Survey
from surveys.showing import Given
from surveys.versions import published

FIRST_YEAR = 2000
KNOWN_BY = ("email", "name", "phone", "external_id")
PLAIN = (str, int, float, bool)


def submission(survey: Survey, sent: Mapping[str, Any], now: datetime) -> Submission:
    """DomainError with a sentence for whatever does not fit; a closed survey is found out later."""
    customer = sent["customer"]
    if survey.anonymous and any(customer.get(name) for name in KNOWN_BY):
        raise DomainError(_("This survey is anonymous: leave out who answered."))
    return Submission(
        answers=_answers(survey, sent["answers"]), contact=_contact(customer),
        language=customer.get("language", survey.language), wants=customer.get("channel", "mail"),
        nonce=secrets.token_urlsafe(16), source="api", submitted_at=_given(sent["submitted_at"], now),
        history=not sent["follow_up"],
    )  # fmt: skip


def _contact(customer: Mapping[str, str]) -> Contact:
    email = checked_address(customer["email"]) if customer.get("email") else ""
    names = ("name", "phone", "external_id", "language")
    return Contact(email=email, **{name: customer.get(name, "") for name in names})


def _answers(survey: Survey, sent: Mapping[str, Any]) -> dict[str, Given]:
    """In order; what would not have been asked is dropped."""
    version = published(survey)
    questions = {q.key: q for q in version.questions} if version else {}
    unknown = sorted(set(sent) - set(questions))
    if unknown and version:
        raise DomainError(_("This survey has no question “%(key)s”.", key=unknown[0][:40]))
    values: dict[str, Given] = {}
    for key, question in questions.items():
        value = _read(question, sent.get(key))
        if version and showing.is_asked(question, version, values):
            values |= _kept(question, value)
    return values


def _kept(question: Question, value: Given | None) -> dict[str, Given]:
    if value is None and question.required and question.kind != "contact":
        raise DomainError(_("The question “%(key)s” needs an answer.", key=question.key))
    return {question.key: value} if value else {}


def _read(question: Question, sent: Any) -> Given | None:
    if sent is not None and question.kind == "contact":
        raise DomainError(
            _("Who answers is said under “customer”, not as an answer to “%(key)s”.", key=question.key)
        )
    if sent is not None and not isinstance(sent, PLAIN) and not KINDS[question.kind].composed:
        raise DomainError(_("The answer to “%(key)s” is a text or a number.", key=question.key))
    value = KINDS[question.kind].read(question, sent)
    return (value.number, value.text) if value else None


def _given(moment: datetime | None, now: datetime) -> datetime | None:
    """DomainError for a moment in which nobody can have answered."""
    if moment and moment > now:
        raise DomainError(_("An answer cannot have been given in the future."))
    if moment and moment.year < FIRST_YEAR:
        raise DomainError(_("An answer cannot have been given before %(year)s.", year=FIRST_YEAR))
    return moment.astimezone(UTC) if moment else None
