"""Answering by a personal link: one answer each, of a person who is known and has proved to read their mail."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.db import db
from core.errors import Conflict
from customers.recognising import Known
from surveys.answering import Submission, by_nonce, submit
from surveys.invitations.models import Invitation
from surveys.models_responses import Response

OPEN_FOR = timedelta(days=28)
"""How long a link can be answered by, from the mail it was in."""


def answer_invitation(id: int, submission: Submission, now: datetime) -> Response:
    """One answer for each link: sent again it is the response it was before. Conflict where it takes none any more."""
    invitation = _alone(id)
    earlier = invitation.response or by_nonce(invitation.survey, submission.nonce)
    if earlier:
        return earlier
    if over := over_since(invitation, now):
        raise Conflict(over)
    response = submit(invitation.survey, replace(submission, person=_person(invitation)), now)
    _use(invitation, response, now)
    return response


def _alone(id: int) -> Invitation:
    """As it is now; nobody else answers by it until we are done."""
    query = select(Invitation).where(Invitation.id == id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _person(invitation: Invitation) -> Known | None:
    identity = invitation.identity
    return Known(identity.customer_id, identity.id) if identity else None


def _use(invitation: Invitation, response: Response, now: datetime) -> None:
    """An anonymous answer leaves the day and nothing else: no moment from which somebody could tell which one it is."""
    invitation.answered_on = clock.local_date(now, invitation.survey.organisation.timezone)
    if not response.anonymous:
        invitation.response_id = response.id
        if invitation.identity and not invitation.identity.proved_at:
            invitation.identity.proved_at = now
    db.session.flush()


def ends_at(invitation: Invitation) -> datetime:
    """Until when its link can be answered by."""
    return (invitation.written_at or invitation.send_at) + OPEN_FOR


def last_day(invitation: Invitation) -> date:
    """The last whole day on which its link works: the one that mails and pages name."""
    timezone = invitation.survey.organisation.timezone
    return clock.local_date(ends_at(invitation) - timedelta(days=1), timezone)


def over_since(invitation: Invitation, now: datetime) -> str:
    """Why its link takes no answer any more, in a sentence; empty while it does. A survey that closed says so itself."""
    if invitation.answered_on:
        return _("This link was used on %(day)s.", day=_day(invitation.answered_on))
    if ends_at(invitation) <= now:
        return _("This link worked until %(day)s.", day=_day(last_day(invitation)))
    return ""


def _day(day: date) -> str:
    return format_date(day, "d MMMM y")
