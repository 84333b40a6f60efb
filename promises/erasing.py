"""What is owed to somebody who was erased ends without a word; what was told stays a count."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from core import rows
from core.db import db
from core.rows import among, these
from promises.ending import end
from promises.models import Promise, Update


def messages_of(responses: Sequence[int]) -> set[int]:
    """Those that carried what was promised and told."""
    return set(rows.ones(_CARRIED, ids=list(responses)))


def forget(responses: Sequence[int], now: datetime) -> None:
    for promise in db.session.scalars(
        select(Promise).where(among(Promise.response_id, responses), Promise.is_open)
    ).all():
        end(promise, "cancelled", now)
    rows.run(_SAID, ids=list(responses))
    rows.overwrite(Promise.response_id, responses, reason="")


_theirs = Update.promise_id.in_(select(Promise.id).where(among(Promise.response_id, these())))
_CARRIED = select(Update.message_id).where(_theirs, Update.message_id.is_not(None))
_SAID = update(Update).where(_theirs).values(words="")
