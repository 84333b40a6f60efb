"""Move a promise before it falls due, with a reason that the respondent reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from core import clock
from core.access import Role
from core.db import db
from core.errors import Conflict, DomainError, Forbidden
from promises.ending import end
from promises.models import Promise
from promises.opening import open_promise
from surveys.models_responses import Response


@dataclass(frozen=True, slots=True)
class When:
    """A moment, or the end of a local day."""

    at: datetime
    on: date | None

    @classmethod
    def by(cls, day: date, timezone: str) -> "When":
        return cls(clock.end_of_day(day, timezone), day)


def move(promise: Promise, to: When, reasons: str | Mapping[str, str], role: Role, now: datetime) -> Promise:
    """The successor, which the next message announces. A second move in a chain needs a manager,
    and becomes "no date yet, next update on …".

    `reasons`: the words the respondent reads, or language → words.
    """
    said = {"": reasons} if isinstance(reasons, str) else reasons
    reason = in_their_words(said, promise.response)
    _refuse(promise, to, reason, role, now)
    end(promise, "moved", now)
    db.session.flush()  # the database allows one open promise: the old one ends first
    return open_promise(
        promise.response, "moved", to.at, to.on, now, predecessor=promise, reason=reason.strip()
    )


def in_their_words(reasons: Mapping[str, str], response: Response) -> str:
    """In the respondent's language where somebody wrote it, else in the survey's, else in any there is."""
    said = {language: words.strip() for language, words in reasons.items() if words.strip()}
    own = said.get(response.language) or said.get(response.survey.language)
    return own or next(iter(said.values()), "")


def _refuse(promise: Promise, to: When, reason: str, role: Role, now: datetime) -> None:
    if promise.ended_at:
        raise Conflict(_("This promise has ended already."))
    if promise.kind == "outcome":
        raise Conflict(
            _("This date belongs to a plan. Move the plan: then everyone who was told it hears the new date.")
        )
    if now > promise.due_at:
        raise Conflict(
            _("This promise fell due before now. It can no longer be moved: write what is true today.")
        )
    check(to, promise.due_at, reason, promise.moves, role)


def check(to: When, promised: datetime, reason: str, moves: int, role: Role) -> None:
    """What holds for moving any date that was told; `moves`: how often it was moved before."""
    if to.at <= promised:
        raise DomainError(_("The new date is not later than the date that was promised."))
    if not reason.strip():
        raise DomainError(_("Give the reason: the respondent reads it together with the new date."))
    if moves and role < Role.manager:
        raise Forbidden(_("This promise was moved before. Moving it again is for a manager."))
