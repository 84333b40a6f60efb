"""A customer answers: the response, its answers, and everything that is owed from that moment on.

All of it is one transaction: `response_submitted` is sent inside it, so that nobody can have
answered without a promise being there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from blinker import Signal
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from core import clock, rows
from core.db import db
from core.errors import Conflict
from customers.reaching_them import address_id
from customers.recognising import Contact, Known, recognise
from outbox.channels import OFFERED
from surveys.models import SCALE_KINDS, Question, Survey, Version
from surveys.models_responses import Answer, Response
from surveys.rounds import round_of
from surveys.unnamed import unnamed
from surveys.versions import TELLING, published

response_submitted = Signal()
"""Sent with the response and `now=`, inside the answer's transaction. It has its columns, its survey and its answers, and belongs to no session."""
_BY_NONCE = select(Response.id).where(
    Response.survey_id == bindparam("survey_id"), Response.nonce == bindparam("nonce")
)


@dataclass(frozen=True, slots=True)
class Submission:
    """What was sent in: (number, text) per question key, who it is from, and how they want to hear."""

    answers: Mapping[str, tuple[float | None, str | None]]
    language: str
    nonce: str
    contact: Contact = field(default_factory=Contact)
    wants: str = "mail"
    source: str = "web"
    submitted_at: datetime | None = None
    suspect: bool = False
    history: bool = False
    seen: int | None = None
    """The number of the published version that they had before them; None: the newest."""
    test: bool = False
    """A colleague tries the survey out, also one that is not open: it counts nowhere, and nobody is remembered."""
    person: Known | None = None
    """Whom a personal link was sent to: then `contact` says nothing."""
    kiosk_id: int | None = None
    """The tablet on which it was given."""
    otherwise: str = ""
    """How else they may be told, where the way they want does not reach them."""


def submit(survey: Survey, submission: Submission, now: datetime) -> Response:
    """Record a submission once: the same nonce gives the response it gave before. Conflict when closed."""
    earlier = by_nonce(survey, submission.nonce)
    return earlier or rows.known(_take(survey, submission, now))


def take(survey: Survey, submission: Submission, now: datetime) -> Response:
    """The same for whoever only reads the columns of a response: a new one belongs to no session."""
    earlier = by_nonce(survey, submission.nonce)
    return earlier or _take(survey, submission, now)


def _take(survey: Survey, submission: Submission, now: datetime) -> Response:
    with unnamed(survey):
        response = _record(survey, _version(survey, submission), submission, now)
        response_submitted.send(response, now=now)
    return response


def by_nonce(survey: Survey, nonce: str) -> Response | None:
    found = rows.first(_BY_NONCE, survey_id=survey.id, nonce=nonce)
    return db.session.get_one(Response, found[0]) if found else None


def closed_sentence(survey: Survey) -> str:
    """Since when a survey takes no answers."""
    if not survey.closed_at:
        return _("This survey is not open yet.")
    day = clock.local_date(survey.closed_at, survey.organisation.timezone)
    return _("This survey closed on %(day)s.", day=format_date(day, "d MMMM y"))


def _version(survey: Survey, sent: Submission) -> Version:
    """The newest questions for whoever tries them out; else those that are published, of an open survey."""
    if sent.test:
        return survey.versions[-1]
    version = published(survey, sent.seen)
    if not survey.is_open or not version:
        raise Conflict(closed_sentence(survey))
    return version


def _record(survey: Survey, version: Version, sent: Submission, now: datetime) -> Response:
    """Rows in the order in which they name each other."""
    known = _person(survey, sent, now)
    channel, address = _way(survey, sent, known)
    submitted = sent.submitted_at or now
    response = rows.write(rows.new(
        Response, organisation_id=survey.organisation_id, survey_id=survey.id, version_id=version.id, round_id=round_of(survey, submitted),
        customer_id=known.customer_id if known else None, identity_id=address, channel=channel, otherwise=sent.otherwise,
        language=sent.language, source=sent.source, nonce=sent.nonce, score=score_of(version, sent.answers),
        submitted_at=submitted, received_at=now, suspect_at=now if sent.suspect else None, is_test=sent.test,
        declined_at=now if sent.wants == "none" else None, history=sent.history,
        kiosk_id=None if survey.anonymous else sent.kiosk_id,
    ))  # fmt: skip
    asked = [q for q in version.questions if q.kind not in TELLING or not survey.anonymous]
    set_committed_value(response, "survey", survey)
    set_committed_value(response, "answers", _answers(response, asked, sent))
    return response


def _person(survey: Survey, sent: Submission, now: datetime) -> Known | None:
    """Nobody, for whoever wants to hear on a page of their own, and where nobody is to be known."""
    known = None
    if sent.wants != "page" and not sent.test and not survey.anonymous:
        known = sent.person or recognise(survey.organisation_id, sent.contact, now)
    return known


def _way(survey: Survey, sent: Submission, known: Known | None) -> tuple[str, int | None]:
    """(channel, address) they are told by: as they want, where the organisation offers it and they gave an address for it."""
    if not known:
        return "page", None
    offered = sent.wants in OFFERED and sent.wants in survey.organisation.channels
    address = address_id(known.customer_id, sent.wants) if offered else None
    if address:
        return sent.wants, address
    return ("mail" if known.mail_id and sent.wants in {"mail", *OFFERED} else "page"), known.mail_id


def _answers(response: Response, asked: Iterable[Question], sent: Submission) -> list[Answer]:
    """All of them in one INSERT, however many questions there are."""
    said = [(question, *sent.answers[question.key]) for question in asked if question.key in sent.answers]
    made = [rows.new(Answer, response_id=response.id, question_id=q.id, number=number, text=text) for q, number, text in said]  # fmt: skip
    rows.write_all(made, by="question_id")
    for answer, (question, *_words) in zip(made, said, strict=True):
        set_committed_value(answer, "question", question)
        set_committed_value(answer, "response", response)
    return made


def score_of(version: Version, answers: Mapping[str, tuple[float | None, str | None]]) -> int | None:
    """The answer to the first question on a scale."""
    scale = next((q for q in version.questions if q.kind in SCALE_KINDS), None)
    number = answers.get(scale.key, (None, None))[0] if scale else None
    return None if number is None else int(number)
