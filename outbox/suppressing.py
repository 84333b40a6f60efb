"""Addresses that must not be written to."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import Select, Table, delete, insert, select, update

from core.db import connection, db
from core.rows import put_once
from outbox.addresses import recipient_key
from outbox.models import Attempt, Message, Suppression
from outbox.streams import stream_sql

BLOCKED = "The address is blocked."
MANY = 500
"""Addresses that are asked about at once."""
_message = cast(Table, Message.__table__)


def suppress(organisation_id: int, address: str, reason: str, now: datetime, stream: str = "") -> bool:
    """Never write to this address again, or nothing of one stream; what waits for it ends as `suppressed`.

    False when it was blocked already.
    """
    if stream and suppression(organisation_id, address, stream):
        return False
    return suppress_key(organisation_id, recipient_key(address), reason, now, stream)


def suppress_key(organisation_id: int, key: str, reason: str, now: datetime, stream: str = "") -> bool:
    """As `suppress`, by the key of the address; two bounces at once are one block, not an error."""
    values = {"organisation_id": organisation_id, "address_hash": key, "reason": reason, "stream": stream}
    new = put_once(Suppression, **values, created_at=now)
    _end_waiting(organisation_id, key, stream, now)
    return new


def _end_waiting(organisation_id: int, key: str, stream: str, now: datetime) -> None:
    """What is claimed by a sender is ended by that sender, which looks again before it sends."""
    waiting = (_message.c.organisation_id == organisation_id) & (_message.c.recipient_key == key)
    if stream:
        waiting &= stream_sql() == stream
    ended = connection().execute(
        update(_message)
        .where(waiting, _message.c.state == "queued")
        .values(state="suppressed", server_reply=BLOCKED)
        .returning(_message.c.id, _message.c.key)
    )
    for id, message_key in ended.all():
        attempt = {
            "message_id": id,
            "message_key": message_key,
            "at": now,
            "outcome": "suppressed",
            "reply": BLOCKED,
        }
        connection().execute(insert(Attempt), attempt)


def suppression(organisation_id: int, address: str, stream: str = "service") -> Suppression | None:
    """Why and since when an address gets nothing of a stream; None when it is not blocked."""
    of_stream = _of(organisation_id, recipient_key(address)).where(Suppression.stream.in_(("", stream)))
    return db.session.scalar(of_stream.order_by(Suppression.stream).limit(1))


def blocked(organisation_id: int, addresses: Iterable[str], stream: str = "service") -> dict[str, str]:
    """address → why it gets nothing of a stream, of those that are blocked."""
    keys = {recipient_key(address): address for address in addresses}
    every, found = list(keys), {}
    for start in range(0, len(every), MANY):
        some = Suppression.address_hash.in_(every[start : start + MANY])
        mine = (Suppression.organisation_id == organisation_id) & Suppression.stream.in_(("", stream))
        query = select(Suppression.address_hash, Suppression.reason).where(mine, some)
        rows = db.session.execute(query.order_by(Suppression.stream.desc()))
        found.update({keys[key]: reason for key, reason in rows})
    return found


def _of(organisation_id: int, key: str) -> Select[Suppression]:
    mine = Suppression.organisation_id == organisation_id
    return select(Suppression).where(mine, Suppression.address_hash == key)


def lift(organisation_id: int, address: str) -> bool:
    """A person says that this address may be written to again, about everything. False when it was not blocked."""
    of_address = _of(organisation_id, recipient_key(address)).with_only_columns(Suppression.id)
    return bool(connection().execute(delete(Suppression).where(Suppression.id.in_(of_address))).rowcount)
