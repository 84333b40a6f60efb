"""How long to wait before another try: a message's own back-off, and a pause for a domain that asks for fewer mails."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, update

from core.db import db
from outbox.claiming import is_queued, message

BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360))
PAUSE = timedelta(minutes=1)

_of_domain = message.c.recipient.ilike(bindparam("at_domain"), escape="\\")
_earlier = message.c.next_attempt_at < bindparam("until")
_WAIT = tuple(  # two statements, each with the partial index that fits it
    update(message).where(which, _earlier, _of_domain).values(next_attempt_at=bindparam("until"))
    for which in (is_queued, message.c.owner.is_not(None))
)


def delay(tries: int) -> timedelta:
    """1, 5, 15, 60 minutes and so on, up to 6 hours, with full jitter."""
    return BACK_OFF[min(tries, len(BACK_OFF) - 1)] * secrets.SystemRandom().random()


def pause(domain: str, now: datetime) -> None:
    """Leave a domain alone for a while: everything that waits for it, whoever holds it."""
    escaped = domain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    for statement in _WAIT:
        db.session.connection().execute(statement, {"until": now + PAUSE, "at_domain": f"%@{escaped}"})
