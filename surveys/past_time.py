"""What people answered, and that they were asked, once its time is over: no name and no word, and the counts as they were."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import String, Update, bindparam, cast, delete, exists, func, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core import rows
from core.db import Rows, UTCDateTime, db
from core.rows import among, these
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
    rows.overwrite(Answer.response_id, ids, text=None)
    for change in (_BEGUN, _unasked(Invitation.response_id)):
        rows.run(change, ids=list(ids))
    rows.run(_GONE, ids=list(ids), at=now)


_BEGUN = delete(Unfinished).where(among(Unfinished.response_id, these()))
_GONE = (
    update(Response)
    .where(among(Response.id, these()))
    .values(
        erased_at=bindparam("at", type_=UTCDateTime()), past_time=True, customer_id=None, identity_id=None, kiosk_id=None,
        link_version=Response.link_version + 1, nonce=literal("past ").concat(cast(Response.id, String)),
    )
)  # fmt: skip


@cache
def _unasked(by: InstrumentedAttribute[Any]) -> Update:
    """The link in their mail opens nothing any more."""
    gone = {"identity_id": None, "response_id": None, "link_version": Invitation.link_version + 1, "named": False}  # fmt: skip
    return update(Invitation).where(among(by, these())).values(gone)


def mails_that_asked(answers: Sequence[int]) -> set[int]:
    return _mails(Invitation.response_id, answers)


def mails_of(invitations: Sequence[int]) -> set[int]:
    return _mails(Invitation.id, invitations)


def _mails(by: InstrumentedAttribute[Any], ids: Sequence[int]) -> set[int]:
    return {id for pair in rows.some(_carried(by), ids=list(ids)) for id in pair if id}


@cache
def _carried(by: InstrumentedAttribute[Any]) -> Rows:
    return select(Invitation.message_id, Invitation.reminder_id).where(among(by, these()))


def old_invitations(organisation_id: int, until: datetime) -> Rows:
    """Ids of those that lead to an address and to no answer of which the person is known; nothing of them is under way."""
    asked_at = func.coalesce(Invitation.reminded_at, Invitation.written_at, Invitation.send_at)
    mine = or_(Message.id == Invitation.message_id, Message.id == Invitation.reminder_id)
    under_way = exists().where(mine, Message.state.in_(WAITING))
    unanswered = (
        func.coalesce(Invitation.response_id, 0) == 0
    )  # no index knows it: SQLite would read all that are, in each slice
    known = Invitation.identity_id.is_not(None), unanswered
    return select(Invitation.id).where(
        Invitation.organisation_id == organisation_id, asked_at <= until, *known, ~under_way
    )


def forget_invitations(ids: Sequence[int], now: datetime) -> None:
    """That somebody was asked, and on which day, stays."""
    forget_tickets(among(Invitation.id, ids))
    rows.run(_UNSENT, ids=list(ids), at=now)
    rows.run(_unasked(Invitation.id), ids=list(ids))


_UNSENT = (
    update(Invitation)
    .where(among(Invitation.id, these()), Invitation.written_at.is_(None), Invitation.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("at", type_=UTCDateTime()))
)


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
    """Ids of people whom no answer and no invitation leads to any more; whoever turned out to be them counts with them.

    Each way is asked about by itself: one that leads by "them, or whoever was merged into them" reads every customer for each of them.
    """
    merged = exists().where(_Merged.c.merged_into_id == _Head.c.id)
    of_head, of_merged = _Head.c.id, _Merged.c.id
    answered = (
        exists().where(Response.customer_id == of_head),
        merged.where(Response.customer_id == of_merged),
    )
    asked = (
        exists().where(Identity.customer_id == of_head, Invitation.identity_id == Identity.id),
        merged.where(Identity.customer_id == of_merged, Invitation.identity_id == Identity.id),
    )
    return select(_Head.c.id).where(
        _Head.c.organisation_id == organisation_id, _Head.c.erased_at.is_(None), _Head.c.merged_into_id.is_(None),
        _Head.c.created_at <= until, *(~each.correlate(_Head) for each in (*answered, *asked)),
    )  # fmt: skip


_Head = Customer.__table__.alias("head")
_Merged = Customer.__table__.alias("merged")
