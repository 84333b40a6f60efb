"""What people answered, and that they were asked, once its time is over: no name and no word, and the counts as they were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, exists, func, literal, or_, select, update

from core.db import Rows, db
from core.rows import among
from customers.models import Customer, Identity
from outbox.models import WAITING, Message
from surveys.helpdesks.models import ZammadDelivery
from surveys.invitations.forgetting_asked import forget_tickets
from surveys.invitations.models import Invitation
from surveys.models_responses import Answer, Response
from surveys.partial.models import Unfinished

QUIET: dict[str, Any] = {"synchronize_session": False}


def old_answers(organisation_id: int, until: datetime, *, named: bool) -> Rows:
    """Ids of answers that lead to a person, or of those that lead to none and have words."""
    whose = Response.customer_id.is_not(None) if named else Response.customer_id.is_(None)
    old = Response.organisation_id == organisation_id, Response.received_at <= until
    return select(Response.id).where(*old, whose, Response.erased_at.is_(None))


def forget_answers(ids: Sequence[int], now: datetime) -> None:
    """The words go, and whatever leads to whoever gave them; the marks stay, and so does that they were told."""
    forget_tickets(among(Invitation.response_id, ids))
    said = update(Answer).where(among(Answer.response_id, ids)).values(text=None)
    gone = {
        "erased_at": now, "past_time": True, "customer_id": None, "identity_id": None,
        "link_version": Response.link_version + 1, "nonce": literal("past ").concat(cast(Response.id, String)),
    }  # fmt: skip
    for change in (
        said,
        delete(Unfinished).where(among(Unfinished.response_id, ids)),
        update(Invitation).where(among(Invitation.response_id, ids)).values(_unasked()),
        update(Response).where(among(Response.id, ids)).values(gone),
    ):
        db.session.execute(change.execution_options(**QUIET))


def _unasked() -> dict[str, Any]:
    """The link in their mail opens nothing any more."""
    version = Invitation.link_version + 1
    return {"identity_id": None, "response_id": None, "link_version": version, "named": False}


def mails_that_asked(answers: Sequence[int]) -> set[int]:
    return _mails(among(Invitation.response_id, answers))


def mails_of(invitations: Sequence[int]) -> set[int]:
    return _mails(among(Invitation.id, invitations))


def _mails(which: ColumnElement[bool]) -> set[int]:
    found = db.session.execute(select(Invitation.message_id, Invitation.reminder_id).where(which))
    return {id for pair in found for id in pair if id}


def old_invitations(organisation_id: int, until: datetime) -> Rows:
    """Ids of those that lead to an address and to no answer of which the person is known; nothing of them is under way."""
    asked_at = func.coalesce(Invitation.reminded_at, Invitation.written_at, Invitation.send_at)
    mine = or_(Message.id == Invitation.message_id, Message.id == Invitation.reminder_id)
    under_way = exists().where(mine, Message.state.in_(WAITING))
    known = Invitation.identity_id.is_not(None), Invitation.response_id.is_(None)
    return select(Invitation.id).where(
        Invitation.organisation_id == organisation_id, asked_at <= until, *known, ~under_way
    )


def forget_invitations(ids: Sequence[int], now: datetime) -> None:
    """That somebody was asked, and on which day, stays."""
    asked = among(Invitation.id, ids)
    forget_tickets(asked)
    unsent = update(Invitation).where(
        asked, Invitation.written_at.is_(None), Invitation.withdrawn_at.is_(None)
    )
    for change in (unsent.values(withdrawn_at=now), update(Invitation).where(asked).values(_unasked())):
        db.session.execute(change.execution_options(**QUIET))


def old_deliveries(organisation_id: int, until: datetime) -> Rows:
    """Ids of what Zammad sent and that leads to no answer."""
    answered = exists().where(
        Invitation.list_id == ZammadDelivery.list_id, Invitation.response_id.is_not(None)
    )
    old = ZammadDelivery.organisation_id == organisation_id, ZammadDelivery.received_at <= until
    return select(ZammadDelivery.id).where(*old, ~answered)


def forget_deliveries(ids: Sequence[int], now: datetime) -> None:  # noqa: ARG001 - as each of them is called
    gone = delete(ZammadDelivery).where(among(ZammadDelivery.id, ids))
    db.session.execute(gone.execution_options(**QUIET))


def old_customers(organisation_id: int, until: datetime) -> Rows:
    """Ids of people whom no answer and no invitation leads to any more; whoever turned out to be them counts with them."""
    theirs = select(Customer.id).where(or_(Customer.id == _Head.c.id, Customer.merged_into_id == _Head.c.id))
    answered = exists().where(Response.customer_id.in_(theirs.correlate(_Head)))
    asked = exists().where(
        Invitation.identity_id == Identity.id, Identity.customer_id.in_(theirs.correlate(_Head))
    )
    return select(_Head.c.id).where(
        _Head.c.organisation_id == organisation_id, _Head.c.erased_at.is_(None), _Head.c.merged_into_id.is_(None),
        _Head.c.created_at <= until, ~answered, ~asked,
    )  # fmt: skip


_Head = Customer.__table__.alias("head")
