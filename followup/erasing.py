"""What somebody said to what they were told is forgotten; yes and no, and that they wrote, stay as counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, cast, literal, select, update

from core.db import db
from core.rows import among
from followup.alerts.models import StaffAlert
from followup.models import CheckBack, Verdict
from followup.models_replies import Reply
from outbox.erasing import forget_incoming

_nonce = literal("erased ").concat(cast(Verdict.id, String))


def messages_of(responses: Sequence[int]) -> set[int]:
    """Those that asked whether it helped."""
    asked = select(CheckBack.message_id).where(among(CheckBack.response_id, responses))
    return set(db.session.scalars(asked.where(CheckBack.message_id.is_not(None))))


def alerted(responses: Sequence[int]) -> set[datetime]:
    """When colleagues were mailed about them."""
    mine = among(StaffAlert.response_id, responses), StaffAlert.written_at.is_not(None)
    return set(db.session.scalars(select(StaffAlert.written_at).where(*mine)))


def forget(responses: Sequence[int], now: datetime) -> None:
    """Whoever was to hear of them by mail hears nothing."""
    mine = among(StaffAlert.response_id, responses), StaffAlert.written_at.is_(None)
    forget_incoming(
        db.session.scalars(select(Reply.incoming_id).where(among(Reply.response_id, responses))).all()
    )
    for change in (
        update(Reply).where(among(Reply.response_id, responses)).values(words_key=""),
        update(Verdict).where(among(Verdict.response_id, responses)).values(words="", phone="", nonce=_nonce),
        update(StaffAlert).where(*mine).values(written_at=now),
    ):
        db.session.execute(change.execution_options(synchronize_session=False))
