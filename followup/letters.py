"""What a respondent reads: one letter, with what is said about each answer. How it is put in words is in `rendering`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select

from core import clock
from core.db import db
from core.models import Organisation
from core.reach import Reach, reach
from core.voice import gettext as _
from core.voice import speaking
from followup.beside import NOTHING, Beside
from followup.deeds import Deed, Wait, deed, wait
from followup.models import Verdict
from followup.rewards.rewarding import Reward
from followup.signing import Signature, signature, signature_of
from followup.threads import Answered
from promises.models import Promise
from promises.wording import pledged
from surveys.models_responses import Response
from triage.models import Action


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
    frozen: str = ""
    """The whole of it in words that were composed before: then the rest is empty."""
    reward: Reward | None = None
    """A code with our thanks."""
    pledge: "Pledge | None" = None
    """What they are promised now, where something is planned."""
    waits: tuple[Wait, ...] = ()
    stood: tuple[str, ...] = ()
    """Words that stood in the digest of the month `stood_in`, and were not right."""
    stood_in: date | None = None
    answers: Answered | None = None
    """The mail of theirs that this answers: its words are what is quoted."""
    also: tuple[tuple[str, date], ...] = ()
    """(survey, day) of other answers of theirs that said the same: this is about all of them."""


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
class Letter:
    kind: str
    """A folder in templates/mail/."""
    organisation: Organisation
    name: str
    pieces: tuple[Piece, ...]
    pledge: Pledge | None
    reason: str
    """Why it was moved, or how it stands: in the words of a person."""
    signature: Signature
    reach: Reach
    unsubscribe: str
    broken: date | None = None
    """The day by which an outcome was promised that is not there."""
    dateless: bool = False
    """It was moved a second time: no date yet, only the next update."""

    @property
    def answers(self) -> Answered | None:
        """The last mail of theirs that it goes on with."""
        return next((p.answers for p in reversed(self.pieces) if p.answers), None)


def letter(  # noqa: PLR0913
    kind: str,
    response: Response,
    promise: Promise,
    now: datetime,
    *,
    pieces: tuple[Piece, ...] = (),
    next_promise: Promise | None = None,
    unsubscribe: str = "",
    broken: date | None = None,
    reason: str = "",
) -> Letter:
    """A letter about one promise, signed by who follows it up; `next_promise` is what it announces."""
    organisation = response.survey.organisation
    announced = next_promise or (promise if kind == "receipt" else None)
    with speaking(response.language, organisation):
        return Letter(
            kind=kind, organisation=organisation, name=_addressed(response, kind), pieces=pieces,
            pledge=pledge(announced) if announced else None, reason=next_promise.reason if next_promise else reason,
            signature=_signature(pieces, promise, now), reach=reach(organisation, now), unsubscribe=unsubscribe,
            broken=broken, dateless=_dateless(next_promise),
        )  # fmt: skip


def _signature(pieces: tuple[Piece, ...], promise: Promise, now: datetime) -> Signature:
    """Whoever wrote to this person signs, while they are at their desk; of several the last."""
    writer = next((d.signed_by for p in reversed(pieces) for d in reversed(p.deeds) if d.signed_by), None)
    theirs = signature_of(writer, promise.organisation_id, now) if writer else None
    return theirs or signature(promise, now)


def _dateless(announced: Promise | None) -> bool:
    """Moved before, and now again: what is announced is the next update and no date."""
    return bool(
        announced and announced.because == "moved" and announced.kind == "update" and announced.moves > 1
    )


def _addressed(response: Response, kind: str) -> str:
    """Their name, once a person of ours has read what they sent: anybody can type words as a name beside a stranger's address."""
    named = {"update", "progress", "check_back"}
    return response.customer.name if response.customer and kind in named else ""


def pledge(promise: Promise) -> Pledge:
    local = clock.local(promise.due_at, promise.response.survey.organisation.timezone)
    called = promise.because == "not_solved" and _may_call(promise.response)
    return Pledge(
        what=_("a call about what is not solved") if called else pledged(promise.kind, promise.because),
        who=promise.who.name, channel="phone" if called else promise.channel,
        due_on=promise.due_on or local.date(), time="" if promise.due_on else local.strftime("%H:%M"),
    )  # fmt: skip


def _may_call(response: Response) -> bool:
    """They gave a number when they said a second time that it is not solved. The number itself stays on the desk."""
    numbers = select(Verdict.phone).where(Verdict.response_id == response.id)
    return bool(db.session.scalar(numbers.order_by(Verdict.id.desc()).limit(1)))


def piece(  # noqa: PLR0913
    response: Response,
    quotes: list[str],
    actions: list[Action],
    status: str,
    digest: str = "",
    *,
    announced: Promise | None = None,
    waiting: Iterable[Action] = (),
    first_heard: Collection[Action] = (),
    beside: Mapping[Action, Beside] = MappingProxyType({}),
) -> Piece:
    """`first_heard`: actions that put nothing right for this respondent, who never heard what was wrong; `beside`: what is theirs alone."""
    survey, language = response.survey, response.language
    told = [deed(a, language, survey.language, corrects=a not in first_heard) for a in actions]
    return Piece(
        survey=survey.title_in(response.language),
        answered_on=clock.local_date(response.submitted_at, survey.organisation.timezone),
        quotes=tuple(quotes),
        deeds=tuple(replace(d, beside=beside.get(a, NOTHING)) for a, d in zip(actions, told, strict=True)),
        digest=digest, status=status, pledge=pledge(announced) if announced else None,
        waits=tuple(w for a in waiting if (w := wait(a, response.language, survey.language))),
    )  # fmt: skip


def as_answer(piece: Piece, answered: Answered | None) -> Piece:
    """It goes on with what they wrote back, and quotes that."""
    return (
        replace(piece, answers=answered, quotes=(answered.words,) if answered.words else piece.quotes)
        if answered
        else piece
    )
