"""A ticket was closed: its customer is asked after a while, by the verbs that ask everybody. Opened again in time, they are not.

Inside `writing()`. The webhook's row is held, so that two deliveries at once are one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core import audit, links, rows
from core.db import db
from core.errors import DomainError
from core.languages import WRITTEN
from core.text import one_line
from customers.recognising import checked_address
from outbox.suppressing import blocked
from surveys.helpdesks.models import CLOSED, MOST_HOURS, ZammadDelivery, ZammadHook
from surveys.helpdesks.zammad_reading import Event
from surveys.invitations import inviting
from surveys.invitations.frequency import asked_lately
from surveys.invitations.listed import Person
from surveys.invitations.models import Invitation, InvitationList
from surveys.models import Survey

ACTOR = "Zammad"
NAMES = 10
"""At most, of states that mean closed."""
QUIET = timedelta(minutes=1)
"""So often at most it is written down that a signature was wrong: anybody can send one."""


def hook_of(survey: Survey) -> ZammadHook | None:
    return db.session.scalar(select(ZammadHook).where(ZammadHook.survey_id == survey.id))


def working(slug: str) -> ZammadHook | None:
    """By the address of the webhook; None for a survey that hears of no tickets."""
    query = select(ZammadHook).join(Survey, Survey.id == ZammadHook.survey_id).where(Survey.slug == slug)
    return db.session.scalar(query.where(ZammadHook.ended_at.is_(None)))


def secrets(hook: ZammadHook) -> list[str]:
    """By each key of ours that is accepted; the first is the one that is shown."""
    return links.macs("zammad", hook.id, hook.version)


def connect(survey: Survey, hours: int, names: Sequence[str], now: datetime) -> ZammadHook:
    """From now on. Where it was switched off before it works again, with a new secret."""
    delay, called = _hours(hours), _names(names)
    hook = hook_of(survey)
    if not hook:
        hook = ZammadHook(
            organisation_id=survey.organisation_id, survey_id=survey.id, made_by=audit.actor(), made_at=now
        )
        db.session.add(hook)
    elif hook.ended_at:
        hook.ended_at, hook.version = None, hook.version + 1
    hook.delay_hours, hook.closed_names = delay, called
    audit.record("zammad.connected", hook, now, hours=hook.delay_hours)
    return hook


def _hours(hours: int) -> int:
    if not 0 <= hours <= MOST_HOURS:
        raise DomainError(_("Give a number of hours from 0 to 672."))
    return hours


def _names(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(one_line(n, 60) for n in names if n.strip()))[:NAMES] or list(CLOSED)


def renew(hook: ZammadHook, now: datetime) -> None:
    """What was shown before signs nothing any more."""
    hook.version, hook.refused_at = hook.version + 1, None
    audit.record("zammad.renewed", hook, now)


def end(hook: ZammadHook, now: datetime) -> None:
    hook.ended_at = now
    audit.record("zammad.ended", hook, now)


def note_refusal(hook_id: int, now: datetime) -> None:
    """Whoever set it up wrongly must be able to see that something comes."""
    hook = _alone(ZammadHook, hook_id)
    if not hook.refused_at or hook.refused_at < now - QUIET:
        hook.refused_at = now


@dataclass(frozen=True, slots=True)
class Came:
    """A delivery that was read: its number there, what it says, and the survey's first question as a mail asks it."""

    delivery: str
    event: Event
    question: dict[str, Any]


def take(hook_id: int, came: Came, now: datetime) -> ZammadDelivery:
    """What came of it; sent again it is what it was before."""
    hook, event = _alone(ZammadHook, hook_id), came.event
    same = ZammadDelivery.hook_id == hook.id, ZammadDelivery.delivery == came.delivery
    if earlier := db.session.scalar(select(ZammadDelivery).where(*same)):
        return earlier
    hook.refused_at = None
    latest = _latest(hook, event.ticket)
    closed = event.state.casefold() in {name.casefold() for name in hook.closed_names}
    with audit.acting(ACTOR):
        outcome, list_id = (
            _ask(hook, came, latest, now) if closed else (_take_back(latest, now), latest and latest.id)
        )
    return rows.insert(ZammadDelivery(
        organisation_id=hook.organisation_id, hook_id=hook.id, delivery=came.delivery, ticket=event.ticket, state=event.state,
        received_at=now, outcome=outcome, list_id=list_id,
    ))  # fmt: skip


def _alone(model: Any, id: int) -> Any:
    query = select(model).where(model.id == id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def _latest(hook: ZammadHook, ticket: str) -> InvitationList | None:
    """The last list that a delivery about this ticket became."""
    about = (
        ZammadDelivery.hook_id == hook.id,
        ZammadDelivery.ticket == ticket,
        ZammadDelivery.list_id.is_not(None),
    )
    id = db.session.scalar(
        select(ZammadDelivery.list_id).where(*about).order_by(ZammadDelivery.id.desc()).limit(1)
    )
    return _alone(InvitationList, id) if id else None


def _ask(
    hook: ZammadHook, came: Came, latest: InvitationList | None, now: datetime
) -> tuple[str, int | None]:
    if latest and (latest.finished_at is None or _waiting(latest)):
        return "waits", latest.id
    why, mail = _refused(hook, came.event, now)
    if why:
        return why, None
    event = came.event
    language = event.language if event.language in hook.survey.languages and event.language in WRITTEN else ""
    person = Person(1, mail, event.name, language, event_at=now)
    delay = timedelta(hours=hook.delay_hours)
    drawn = inviting.draw_up(hook.survey, [person], [], delay, now, question=came.question)
    inviting.confirm(drawn, None, None, now)
    return "asked", drawn.id


def _refused(hook: ZammadHook, event: Event, now: datetime) -> tuple[str, str]:
    """(why they cannot be asked, or nothing; their address)"""
    if not event.email:
        return "no_mail", ""
    try:
        mail = checked_address(event.email)
    except DomainError:
        return "bad_mail", ""
    if not hook.survey.is_open:
        return "survey_closed", mail
    if blocked(hook.organisation_id, [mail], "survey"):
        return "blocked", mail
    return ("lately" if asked_lately(hook.survey, [mail], now) else ""), mail


def _take_back(latest: InvitationList | None, now: datetime) -> str:
    if not latest:
        return "nothing"
    if latest.finished_at is None:
        inviting.finish(latest, now)
        return "taken_back"
    waiting = _waiting(latest)
    if waiting:
        waiting.withdrawn_at = now
        db.session.flush()
        return "taken_back"
    written = select(Invitation.id).where(Invitation.list_id == latest.id, Invitation.written_at.is_not(None))
    return "too_late" if db.session.scalar(written) else "nothing"


def _waiting(drawn: InvitationList) -> Invitation | None:
    """The invitation that is to be mailed later."""
    later = Invitation.written_at.is_(None), Invitation.withdrawn_at.is_(None)
    query = select(Invitation).where(Invitation.list_id == drawn.id, *later).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def ticket_of(response_id: int) -> str:
    """The number of the ticket that an answer is about; empty where it is about none."""
    query = (
        select(ZammadDelivery.ticket)
        .join(Invitation, Invitation.list_id == ZammadDelivery.list_id)
        .where(Invitation.response_id == response_id, ZammadDelivery.outcome == "asked")
    )
    return db.session.scalar(query.limit(1)) or ""


def last_deliveries(hook: ZammadHook, most: int) -> Sequence[ZammadDelivery]:
    """Newest first."""
    query = select(ZammadDelivery).where(ZammadDelivery.hook_id == hook.id)
    return db.session.scalars(query.order_by(ZammadDelivery.id.desc()).limit(most)).all()
