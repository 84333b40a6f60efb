"""What a sender left behind when it ended, and what has waited too long."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal, literal_column, or_, select, update

from core.db import db
from outbox import bodies, claiming
from outbox.alarming import alarm
from outbox.claiming import database_time, is_queued, message
from outbox.statements import attempt

LEFT = "The sender stopped while it handed this over: the mail server may have it, or not."
LATE = "Not delivered in time. "

_lease_ended = or_(message.c.lease_until < bindparam("moment"), message.c.lease_until > bindparam("far"))
"""Over, or further away than any lease runs: then the clock was set back."""


def _those(*conditions: Any) -> Any:
    """Rows by their ids, each locked first, or left to whoever holds it right now: two that sweep never wait in a ring."""
    return message.c.id.in_(select(message.c.id).where(*conditions).with_for_update(skip_locked=True))


_GIVE_BACK = (
    update(message)
    .where(_those(message.c.state == literal_column("'claimed'"), message.c.owner.is_not(None), _lease_ended))
    .values(state="queued", owner=None, lease_until=None)
)
_LOSE = (
    update(message)
    .where(
        _those(
            message.c.state == literal_column("'transmitting'"), message.c.owner.is_not(None), _lease_ended
        )
    )
    .values(state="unknown", owner=None, lease_until=None, server_reply=LEFT)
    .returning(message.c.id, message.c.key, message.c.server_reply)
)
_EXPIRE = (
    update(message)
    .where(_those(is_queued, message.c.expires_at <= bindparam("now")))
    .values(state="failed", server_reply=literal(LATE) + message.c.server_reply)
    .returning(message.c.id, message.c.key, message.c.server_reply)
)


def sweep(now: datetime) -> int:
    """Put right what was left behind; returns how many messages moved. Inside `writing()`."""
    moment = database_time()
    lease = {"moment": moment, "far": moment + 2 * claiming.LEASE}
    back = _run(_GIVE_BACK, lease).rowcount
    lost = _account("unknown", _LOSE, lease, now)
    late = _account("failed", _EXPIRE, {"now": now}, now)
    bodies.forget_late(now)
    if lost:
        alarm("unknown", "delivery not certain", now, messages=lost)
    return int(back) + lost + late


def _account(outcome: str, statement: Any, values: dict[str, Any], now: datetime) -> int:
    rows = _run(statement, values).all()
    for id, key, reply in rows:
        evidence = {
            "message_id": id,
            "message_key": key,
            "at": now,
            "outcome": outcome,
            "reply": reply[:1000],
        }
        _run(attempt.insert(), evidence)
    return len(rows)


def _run(statement: Any, values: dict[str, Any]) -> Any:
    return db.session.connection().execute(statement, values)
