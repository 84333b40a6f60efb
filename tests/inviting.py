"""People who are asked, for tests that begin with a link in their mail. Call inside `writing()`."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import links
from core.db import db
from customers.models import Identity
from customers.recognising import Contact, identity, recognise
from outbox.freezing import freeze
from outbox.models import Message
from surveys.invitations.models import Invitation, InvitationList
from surveys.models import Survey
from tests.cast import added

RITA = "rita@example.com"


def invited(survey: Survey, now: datetime, mail: str = RITA, **values: Any) -> Invitation:
    """An invitation that was mailed and arrived at `now`; in English unless said."""
    here = survey.organisation_id
    recognise(here, Contact(email=mail), now)
    found = identity(here, mail)
    assert found
    message = delivered(survey, found, now)
    made = {"list_id": a_list(survey, now).id, "made_at": now, "send_at": now, "written_at": now}
    made |= {"language": "en", "message_id": message.id, "identity_id": found.id}
    return added(Invitation(organisation_id=here, survey_id=survey.id, **{**made, **values}))


def delivered(survey: Survey, to: Identity, now: datetime, kind: str = "invitation") -> Message:
    message = freeze(
        survey.organisation_id, kind, to.value, "Your order", "Words.", "<p>Words.</p>", "Alice", "en", now
    )
    message.state, message.sent_at = "sent", now
    return message


def a_list(survey: Survey, now: datetime, **values: Any) -> InvitationList:
    """One that is finished, unless said."""
    done = {"confirmed_at": now, "released_at": now, "finished_at": now, "people": 1, "taken": 1}
    here = survey.organisation_id
    return added(
        InvitationList(
            organisation_id=here,
            survey_id=survey.id,
            made_by="Alice Adams",
            made_at=now,
            **{**done, **values},
        )
    )


def link(invitation: Invitation) -> str:
    return links.path("invitation", invitation.id, invitation.link_version)


def invitations() -> list[Invitation]:
    db.session.rollback()
    return list(db.session.scalars(select(Invitation).order_by(Invitation.id)))
