"""What somebody said to what they were told is forgotten; yes and no, and that they wrote, stay as counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, bindparam, cast, literal, select, update

from core import rows
from core.db import UTCDateTime
from core.rows import among, these
from followup.alerts.models import StaffAlert
from followup.models import CheckBack, Verdict
from followup.models_replies import Reply
from outbox.erasing import forget_incoming

_of = {model: among(model.response_id, these()) for model in (CheckBack, StaffAlert, Reply, Verdict)}
_ASKED = select(CheckBack.message_id).where(_of[CheckBack], CheckBack.message_id.is_not(None))
_WRITTEN = select(StaffAlert.written_at).where(_of[StaffAlert], StaffAlert.written_at.is_not(None))
_CAME = select(Reply.incoming_id).where(_of[Reply])
_nonce = literal("erased ").concat(cast(Verdict.id, String))
_SAID = update(Verdict).where(_of[Verdict]).values(words="", phone="", nonce=_nonce)
_HEARD = (
    update(StaffAlert)
    .where(_of[StaffAlert], StaffAlert.written_at.is_(None))
    .values(written_at=bindparam("at", type_=UTCDateTime()))
)


def messages_of(responses: Sequence[int]) -> set[int]:
    """Those that asked whether it helped."""
    return set(rows.ones(_ASKED, ids=list(responses)))


def alerted(responses: Sequence[int]) -> set[datetime]:
    """When colleagues were mailed about them."""
    return {found.written_at for found in rows.some(_WRITTEN, ids=list(responses))}


def forget(responses: Sequence[int], now: datetime) -> None:
    """Whoever was to hear of them by mail hears nothing."""
    ids = list(responses)
    forget_incoming(rows.ones(_CAME, ids=ids))
    rows.overwrite(Reply.response_id, ids, words_key="")
    rows.run(_SAID, ids=ids)
    rows.run(_HEARD, ids=ids, at=now)
