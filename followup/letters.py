"""What a respondent reads: one letter, rendered for a mail and, in plain words, for their own page."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template
from flask_babel import force_locale

from accounts.models import Staff
from accounts.presence import membership
from core import clock
from core.inlining import inlined
from core.models import Organisation
from core.reach import Reach, reach
from followup import wording
from promises.models import Promise
from promises.wording import pledged
from surveys.models import Response
from triage.models import Action
from triage.wording import dated


@dataclass(frozen=True, slots=True)
class Deed:
    """One action as it is told: its kind, the public words, and what belongs to the kind."""

    kind: str
    words: str
    reason: str
    owner: str
    due_on: date | None
    done_on: date | None
    corrects: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """What one response hears: its survey, its own words, and what was done about them."""

    survey: str
    answered_on: date
    quotes: tuple[str, ...]
    deeds: tuple[Deed, ...]
    digest: str
    status: str
    """Address of the respondent's page, or a slot that is filled when it is sent."""


@dataclass(frozen=True, slots=True)
class Pledge:
    """What, who, when, and by which channel: in words that fit the reader."""

    what: str
    who: str
    due_on: date
    time: str
    """Local time of a promise in hours; empty for one in days."""
    channel: str


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    job_title: str
    instead_of: str
    """Who would have signed, when a deputy does."""


@dataclass(frozen=True, slots=True)
class Letter:
    kind: str
    """A folder in templates/mail/."""
    organisation: Organisation
    name: str
    pieces: tuple[Piece, ...]
    pledge: Pledge | None
    reason: str
    signature: Signature
    reach: Reach
    unsubscribe: str
    formal: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


PARTS = ("subject.txt", "body.txt", "body.html")


def render(letter: Letter, language: str) -> Rendered:
    """The letter as subject, text and html, in the reader's language."""
    with force_locale(language):
        words = {"letter": letter, "say": wording, "language": language}
        subject, text, html = (render_template(f"mail/{letter.kind}/{part}", **words) for part in PARTS)
    return Rendered(" ".join(subject.split()), text.strip() + "\n", inlined(html))


def page_words(letter: Letter, language: str) -> str:
    """The heart of the letter, without greeting and signature, for the respondent's own page."""
    with force_locale(language):
        return render_template("mail/page.txt", letter=letter, say=wording).strip()


def letter(
    kind: str,
    response: Response,
    promise: Promise,
    now: datetime,
    *,
    pieces: tuple[Piece, ...] = (),
    next_promise: Promise | None = None,
    unsubscribe: str = "",
) -> Letter:
    """A letter about one promise, signed by who follows it up; `next_promise` is what it announces."""
    organisation = response.survey.organisation
    announced = next_promise or (promise if kind == "receipt" else None)
    with force_locale(response.language):
        return Letter(
            kind=kind, organisation=organisation, name=_addressed(response, kind), pieces=pieces,
            pledge=pledge(announced) if announced else None, reason=next_promise.reason if next_promise else "",
            signature=signature(response, promise.who), reach=reach(organisation, now), unsubscribe=unsubscribe,
            formal=organisation.form_of_address == "u",
        )  # fmt: skip


def _addressed(response: Response, kind: str) -> str:
    """Their name, once a person of ours has read what they sent: anybody can type words as a name beside a stranger's address."""
    return response.customer.name if response.customer and kind == "update" else ""


def pledge(promise: Promise) -> Pledge:
    local = clock.local(promise.due_at, promise.response.survey.organisation.timezone)
    return Pledge(
        what=pledged(promise.kind, promise.because), who=promise.who.name, channel=promise.channel,
        due_on=promise.due_on or local.date(), time="" if promise.due_on else local.strftime("%H:%M"),
    )  # fmt: skip


def signature(response: Response, who: Staff) -> Signature:
    held = membership(response.organisation_id, who.id)
    signer = response.survey.signer
    return Signature(who.name, held.job_title if held else "", signer.name if signer.id != who.id else "")


def piece(
    response: Response, quotes: list[str], actions: list[Action], status: str, digest: str = ""
) -> Piece:
    survey = response.survey
    return Piece(
        survey=survey.title.get(response.language) or survey.title[survey.language],
        answered_on=clock.local_date(response.submitted_at, survey.organisation.timezone),
        quotes=tuple(quotes), deeds=tuple(deed(a, response.language, survey.language) for a in actions),
        digest=digest, status=status,
    )  # fmt: skip


def deed(action: Action, language: str, fallback: str) -> Deed:
    words = (
        action.public_note.get(language)
        or action.public_note.get(fallback)
        or next(iter(action.public_note.values()))
    )
    return Deed(
        action.kind,
        dated(words, action, language),
        action.reason,
        action.owner.name,
        action.due_on,
        action.done_on,
        action.corrects_id is not None,
    )
