"""The mail that asks, and the one that asks once more: the first question in it, the record, and who signs."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app

from accounts.models import Staff
from accounts.presence import first_present, membership
from core import clock
from core.db import db
from core.inlining import inlined
from core.languages import Said
from core.models import Organisation
from core.reach import reach
from core.voice import speaking
from outbox import references
from surveys.invitations.invited import OPEN_FOR
from surveys.invitations.record import record_words
from surveys.models import Survey
from surveys.wording import linked_words

NO_QUESTION: dict[str, Any] = {"key": "", "prompt": "", "answers": [], "low": "", "high": ""}


@dataclass(frozen=True, slots=True)
class Signer:
    name: str
    job_title: str
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a mail that asks is made of; `link` and `unsubscribe` are addresses, or slots that are filled when it is sent."""

    kind: str
    """invitation or reminder"""
    organisation: Organisation
    title: str
    name: str
    question: dict[str, Any]
    promise: str
    record: str
    signer: Signer
    last_day: date
    link: str
    unsubscribe: str


@dataclass(frozen=True, slots=True)
class Written:
    subject: str
    text: str
    html: str
    signed_by: str


def asking(  # noqa: PLR0913
    kind: str, survey: Survey, language: str, name: str, question: dict[str, Any], now: datetime,
    *, link: str, unsubscribe: str, ends_at: datetime | None = None,
) -> Asking:  # fmt: skip
    """In the words of this moment: who is at their desk, and what came of the answers before.

    `ends_at`: until when the link works; four weeks from now unless said. The last whole day is what is named.
    """
    here = survey.organisation
    with speaking(language, here):
        return Asking(
            kind, here, survey.title_in(language), name,
            _said(question, language), linked_words(survey), record_words(survey, now),
            signer(survey, now), clock.local_date((ends_at or now + OPEN_FOR) - timedelta(days=1), here.timezone), link, unsubscribe,
        )  # fmt: skip


def _said(question: dict[str, Any], language: str) -> dict[str, Any]:
    """The first question as it was kept for this language, in words that know it."""
    held = question.get(language) or next(iter(question.values()), NO_QUESTION)
    said_in = held.get("said_in", {})
    words = {name: Said(held[name], said_in.get(name, "")) for name in ("prompt", "low", "high")}
    answers = [[value, Said(text, said_in.get("answers", ""))] for value, text in held["answers"]]
    return {**held, **words, "answers": answers}


def signer(survey: Survey, now: datetime) -> Signer:
    """The deputy while the signer is away: who signs must be there to answer."""
    here = survey.organisation_id
    id = first_present(here, (survey.signer_id, survey.deputy_id), now) or survey.signer_id
    held = membership(here, id)
    return Signer(db.session.get_one(Staff, id).name, held.job_title if held else "")


def write(mail: Asking, language: str, now: datetime) -> Written:
    """As subject, text and html, in the reader's language."""
    with speaking(language, mail.organisation):
        facts = {
            "mail_of": mail, "organisation": mail.organisation, "signer": mail.signer, "reference": references.line(), "language": language,
            "reach": reach(mail.organisation, now), "unsubscribe_url": mail.unsubscribe,
        }  # fmt: skip
        subject, text, html = (
            _rendered(mail.kind, part, facts) for part in ("subject.txt", "body.txt", "body.html")
        )
    tidy = re.sub(r"\n{3,}", "\n\n", f"{text}\n\n{facts['reference']}").strip() + "\n"
    return Written(" ".join(subject.split()), tidy, inlined(html), mail.signer.name)


def _rendered(kind: str, part: str, facts: dict[str, Any]) -> str:
    return current_app.jinja_env.get_template(f"mail/survey_{kind}/{part}").render(facts)
