"""Ask people: a list is read, looked at, confirmed and released; from then on the clock invites them some at a time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from core.text import as_typed
from surveys.answering import closed_sentence
from surveys.invitations.listed import Person, Problem
from surveys.invitations.models import InvitationList
from surveys.models import Survey

DELAY = 24
"""Hours after what somebody did, where a list says when that was."""
KEPT_PROBLEMS = 1000
REASON = 1000


def draw_up(
    survey: Survey, people: Sequence[Person], problems: Sequence[Problem], delay: timedelta, now: datetime,
    *, question: dict[str, Any], send_at: datetime | None = None,
) -> InvitationList:  # fmt: skip
    """Keep a list to be looked at; nobody is asked yet. Conflict for a survey that takes no answers."""
    refuse_closed(survey)
    drawn = InvitationList(
        organisation_id=survey.organisation_id, survey_id=survey.id, made_by=audit.actor(), made_at=now, people=len(people),
        rows=[_row(p, delay, send_at, now) for p in people], refused_rows=len(problems), question=question,
        problems=[[p.line, p.words, p.why] for p in sorted(problems, key=lambda p: p.line)[:KEPT_PROBLEMS]],
    )  # fmt: skip
    db.session.add(drawn)
    db.session.flush()
    return drawn


def refuse_closed(survey: Survey) -> None:
    if not survey.is_open:
        raise Conflict(_("%(closed)s Open it before you ask people.", closed=closed_sentence(survey)))


def _row(person: Person, delay: timedelta, send_at: datetime | None, now: datetime) -> list[Any]:
    """When: some time after what they did, or at the moment that was said; nothing for at once."""
    after = person.event_at + delay if person.event_at else send_at
    moment = after.astimezone(UTC).isoformat() if after and after > now else ""
    return [person.email, person.name, person.language, person.external_id, moment]


def confirm(drawn: InvitationList, usual: int | None, by_id: int | None, now: datetime) -> None:
    """Ask them; with a `usual` day it is so many that a manager looks first. Conflict when it was confirmed before."""
    refuse_closed(drawn.survey)
    _alone(drawn)
    if drawn.confirmed_at or drawn.finished_at:
        raise Conflict(_("This list was confirmed already, or was kept for too long: look at who was asked."))
    if not drawn.people:
        raise DomainError(_("Nobody in this list can be asked."))
    drawn.confirmed_at, drawn.usual, drawn.asked_by_id = now, usual, by_id
    drawn.released_at = now if usual is None else None
    audit.record("invitations.confirmed", drawn, now, people=drawn.people, waits=usual is not None)


def release(drawn: InvitationList, now: datetime) -> None:
    """A manager has seen how many, and what they will read."""
    _refuse_decided(drawn)
    drawn.released_at, drawn.decided_by = now, audit.actor()
    audit.record("invitations.released", drawn, now, people=drawn.people)


def refuse(drawn: InvitationList, reason: str, now: datetime) -> None:
    """Nobody is asked, the addresses are forgotten, and whoever wanted it reads why."""
    if not reason.strip():
        raise DomainError(_("Say why not: whoever asked reads it."))
    _refuse_decided(drawn)
    drawn.refused_at, drawn.decided_by, drawn.reason = now, audit.actor(), as_typed(reason, REASON).strip()
    finish(drawn, now)
    audit.record("invitations.refused", drawn, now)


def _alone(drawn: InvitationList) -> None:
    """As it is now; whoever decides at the same moment waits, and finds it decided."""
    db.session.refresh(drawn, with_for_update=True)


def _refuse_decided(drawn: InvitationList) -> None:
    _alone(drawn)
    if drawn.state != "waiting":
        raise Conflict(_("This was decided already."))


def finish(drawn: InvitationList, now: datetime) -> None:
    """What is not needed any more is forgotten: the people are invitations now, or nobody is."""
    drawn.rows, drawn.problems, drawn.finished_at = [], [], now
