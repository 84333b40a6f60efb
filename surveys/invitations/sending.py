"""From a list that was released to invitations, and from invitations to mails: some at a time, inside `writing()`."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core import audit, rows
from core.db import db
from core.errors import Conflict
from core.languages import WRITTEN
from customers.models import Customer, Identity
from customers.recognising import Contact, identity, recognise
from outbox.freezing import freeze
from outbox.models import Message
from outbox.slots import new_slot, slot_link
from outbox.streams import PURPOSES
from outbox.suppressing import blocked, suppression
from surveys.invitations.frequency import asked_lately
from surveys.invitations.invited import ends_at, over_since
from surveys.invitations.inviting import finish, refuse_closed
from surveys.invitations.letters import Asking, asking, write
from surveys.invitations.models import Invitation, InvitationList
from surveys.models import Survey

BATCH = 25
"""People in one transaction."""
ONCE_A = timedelta(days=1)
"""By hand somebody is asked again once a day at most."""


def invite_some(list_id: int, now: datetime) -> int:
    """The next few of a list become invitations; returns how many lines were dealt with. The last turn forgets the list."""
    drawn = _alone(InvitationList, list_id)
    if not drawn or drawn.finished_at or not drawn.released_at:
        return 0
    some = drawn.rows[drawn.taken : drawn.taken + BATCH] if drawn.survey.is_open else []
    drawn.left_out += len(some) - _invite(drawn, some, now)
    drawn.taken += len(some)
    if not some:
        drawn.left_out += drawn.people - drawn.taken
        finish(drawn, now)
    db.session.flush()
    return len(some)


def _alone(model: Any, id: int) -> Any:
    """As it is now; another clock waits until we are done."""
    query = select(model).where(model.id == id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def _invite(drawn: InvitationList, some: list[list[str]], now: datetime) -> int:
    """Asked again here: somebody may have been asked, or have left, since the list was looked at."""
    survey, mails = drawn.survey, [row[0] for row in some]
    out = {*asked_lately(survey, mails, now), *blocked(survey.organisation_id, mails, "survey")}
    met: set[int] = set()
    return sum(_invite_one(drawn, row, met, now) for row in some if row[0] and row[0] not in out)


def _invite_one(drawn: InvitationList, row: list[str], met: set[int], now: datetime) -> bool:
    """False for a person who stands in it twice, by two addresses of theirs."""
    mail, name, language, number, moment = row
    here = drawn.organisation_id
    recognise(here, Contact(name=name, email=mail, external_id=number, language=language), now)
    found = identity(here, mail)
    if not found or found.customer_id in met:
        return False
    met.add(found.customer_id)
    rows.insert(Invitation(
        organisation_id=here, survey_id=drawn.survey_id, list_id=drawn.id, identity_id=found.id, made_at=now,
        language=_language(language, found, drawn.survey), named=bool(name) and found.customer.name == name,
        send_at=datetime.fromisoformat(moment) if moment else now,
    ))  # fmt: skip
    return True


def _language(said: str, found: Identity, survey: Survey) -> str:
    known = [code for code in survey.languages if code in WRITTEN]
    return next((code for code in (said, found.customer.language) if code in known), survey.language)


def write_some(now: datetime) -> int:
    """Mail the next few whose time has come; returns how many were dealt with."""
    due = Invitation.written_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.send_at <= now
    people = selectinload(Invitation.identity).selectinload(Identity.customer)
    query = (
        select(Invitation)
        .options(people)
        .where(*due)
        .order_by(Invitation.send_at, Invitation.id)
        .limit(BATCH)
    )
    found = db.session.scalars(query.with_for_update(skip_locked=True)).all()
    letters: Letters = {}
    for invitation in found:
        if invitation.survey.is_open and invitation.identity:
            invitation.message_id = mail(invitation, invitation.identity, "invitation", letters, now).id
            invitation.written_at = now
        else:
            invitation.withdrawn_at = now
    db.session.flush()
    return len(found)


Letters = dict[tuple[int, str, str], Asking]
"""What is the same for all of a list who read one language."""


def mail(invitation: Invitation, to: Identity, kind: str, letters: Letters, now: datetime) -> Message:
    """Queue the mail that asks; its links are filled in when it is sent."""
    slot, language, survey = new_slot(), invitation.language, invitation.survey
    same = (invitation.list_id, kind, language)
    if same not in letters:
        ends = ends_at(invitation) if kind == "reminder" else None
        letters[same] = asking(
            kind, survey, language, "", invitation.list.question, now, link="", unsubscribe="", ends_at=ends
        )
    named = _name(invitation, to)
    link, stop = slot_link(slot, "invitation"), slot_link(slot, "unsubscribe")
    written = write(replace(letters[same], name=named, link=link, unsubscribe=stop), language, now)
    links = {
        "invitation": ("invitation", invitation.id, invitation.link_version),
        "unsubscribe": (PURPOSES["survey"], to.id, 1),
    }
    return freeze(
        invitation.organisation_id, kind, to.value, written.subject, written.text, written.html, written.signed_by,
        language, now, links=links, recipient_name=named, slot=slot,
    )  # fmt: skip


def _name(invitation: Invitation, to: Identity) -> str:
    """Anybody can type words as a name beside a stranger's address: those are not repeated."""
    customer: Customer = to.customer
    return customer.name if invitation.named or to.proved_at else ""


def remind(id: int, silent: Any, now: datetime) -> int:
    """Once, and only who may still be written to; `silent`: the condition they were found by, asked again."""
    query = (
        select(Invitation)
        .join(Message, Message.id == Invitation.message_id)
        .where(Invitation.id == id, silent)
    )
    alone = query.with_for_update(of=Invitation, skip_locked=True).execution_options(populate_existing=True)
    invitation = db.session.scalar(alone)
    if not invitation:
        return 0
    invitation.reminded_at, to = now, invitation.identity
    if not to or not invitation.survey.is_open or suppression(to.organisation_id, to.value, "survey"):
        return 0
    invitation.reminder_id = mail(invitation, to, "reminder", {}, now).id
    db.session.flush()
    return 1


def ask_again(invitation: Invitation, now: datetime) -> Message:
    """By hand: the same link in a new mail. Conflict where it takes no answer, and for who was written to today."""
    held = _alone(Invitation, invitation.id)
    refuse_closed(held.survey)
    if held.answered_on:
        raise Conflict(over_since(held, now))
    if not held.identity or held.withdrawn_at:
        raise Conflict(_("This invitation was taken back."))
    if suppression(held.organisation_id, held.identity.value, "survey"):
        raise Conflict(_("This address gets no invitations: it is blocked, or they asked so."))
    last = max(moment for moment in (held.written_at, held.reminded_at, held.made_at) if moment)
    if last > now - ONCE_A:
        raise Conflict(_("They were written to less than a day ago. Wait until tomorrow."))
    message = mail(held, held.identity, "invitation", {}, now)
    held.message_id, held.written_at = message.id, now
    audit.record("invitation.sent_again", held, now)
    return message
