"""What is owed to somebody who was erased ends without a word; what was told stays a count."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from core.db import Rows, db
from core.rows import among
from promises.ending import end
from promises.models import Promise, Update


def messages_of(responses: Sequence[int]) -> set[int]:
    """Those that carried what was promised and told."""
    carried = select(Update.message_id).where(Update.promise_id.in_(_of(responses)))
    return set(db.session.scalars(carried.where(Update.message_id.is_not(None))))


def forget(responses: Sequence[int], now: datetime) -> None:
    for promise in db.session.scalars(
        select(Promise).where(among(Promise.response_id, responses), Promise.is_open)
    ).all():
        end(promise, "cancelled", now)
    said = update(Update).where(Update.promise_id.in_(_of(responses))).values(words="")
    why = update(Promise).where(among(Promise.response_id, responses)).values(reason="")
    for words in (said, why):
        db.session.execute(words.execution_options(synchronize_session=False))


def _of(responses: Sequence[int]) -> Rows:
    return select(Promise.id).where(among(Promise.response_id, responses))
