"""The words of messages, and whom they went to, are forgotten. What became of them stays, and is counted."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, or_, select, update

from core import rows
from core.db import db
from core.rows import among, these
from outbox.addresses import recipient_key
from outbox.incoming.models import Attachment, IncomingMessage
from outbox.models import Attempt, Message, MessageBody
from outbox.models_pace import Alarm, Breaker, DomainPause

ERASED = "This person was erased."
TO_STAFF = ("alert", "sign_in", "report")
NOTHING: dict[str, Any] = {
    "recipient": "", "recipient_key": "", "recipient_name": "", "domain": "", "subject": "", "links": {}, "headers": {}, "server_reply": "",
}  # fmt: skip
NOTHING_CAME: dict[str, Any] = {
    "text": "", "raw": b"", "sender": "", "sender_name": "", "subject": "", "thread": [], "remarks": [],
}  # fmt: skip
QUIET: dict[str, Any] = {"synchronize_session": False}


def sent_to(organisation_id: int, mails: Iterable[str]) -> set[int]:
    """Every message to these addresses, but what colleagues get."""
    keys = [recipient_key(mail) for mail in mails]
    if not keys:
        return set()  # SQLite would look at every message for none
    theirs = Message.organisation_id == organisation_id, Message.recipient_key.in_(keys)
    return set(db.session.scalars(select(Message.id).where(*theirs, Message.kind.not_in(TO_STAFF))))


def told_staff(organisation_id: int, moments: Collection[datetime]) -> set[int]:
    """Mails to colleagues that were written at these moments: they name whoever was heard of, and quote them."""
    same = (
        Message.organisation_id == organisation_id,
        Message.kind == "alert",
        Message.created_at.in_(moments),
    )
    return set(db.session.scalars(select(Message.id).where(*same))) if moments else set()


def forget_messages(ids: Collection[int], state: str, now: datetime) -> list[int]:
    """What waits, also in the hands of a sender, ends as `state`; returns those that a server is being given right now."""
    ended = rows.some(_ENDED, ids=list(ids), ends_as=state)
    forget_words(ids)
    lines = [
        {"message_id": id, "message_key": key, "at": now, "outcome": state, "reply": ERASED}
        for id, key in ended
    ]
    if lines:
        db.session.execute(insert(Attempt), lines)
    return rows.ones(_BEING_GIVEN, ids=list(ids))


_ENDED = (
    update(Message.__table__)  # type: ignore[arg-type]
    .where(among(Message.id, these()), Message.state.in_(("queued", "claimed")))
    .values(state=bindparam("ends_as"), owner=None, lease_until=None)
    .returning(Message.id, Message.key)
)
_BEING_GIVEN = select(Message.id).where(among(Message.id, these()), Message.state == "transmitting")
_CAME = select(IncomingMessage.id).where(among(IncomingMessage.message_id, these()))
_ATTACHED = delete(Attachment.__table__).where(among(Attachment.incoming_id, these()))  # type: ignore[arg-type]
"""Put together once: a slice of what is past its time asks some fifty of these while others wait."""


def forget_words(ids: Collection[int]) -> None:
    """Of messages, of what servers said about them, and of what came back."""
    rows.overwrite(Message.id, ids, **NOTHING)
    rows.overwrite(MessageBody.message_id, ids, text="", html="")
    rows.overwrite(Attempt.message_id, ids, reply="")
    forget_incoming(rows.ones(_CAME, ids=list(ids)))


def forget_incoming(ids: Collection[int]) -> None:
    """Their words, who wrote them, and what was attached."""
    rows.run(_ATTACHED, ids=list(ids))
    rows.overwrite(IncomingMessage.id, ids, **NOTHING_CAME)


def forget_address(address: str) -> None:
    """Where a server named it, and in mail that came in and is about none of ours."""
    forget_what_servers_said_of([address])
    unmatched = IncomingMessage.message_id.is_(None)
    named = (
        c.icontains(address, autoescape=True)
        for c in (IncomingMessage.text, IncomingMessage.subject, IncomingMessage.sender)
    )
    _set(IncomingMessage, unmatched & or_(*named, _in_the_bytes(address)), NOTHING_CAME)


def forget_what_servers_said_of(addresses: Sequence[str]) -> None:
    """While a domain asks for fewer mails, or sending has stopped: a few lines, each read once for all addresses."""
    sought = [address.casefold() for address in addresses]
    for model, column in ((DomainPause, DomainPause.reason), (Breaker, Breaker.reason), (Alarm, Alarm.text)):
        said = set(db.session.scalars(select(column).where(column != "")))
        if named := [words for words in said if any(address in words.casefold() for address in sought)]:
            _set(model, column.in_(named), {column.key: ""})


def _in_the_bytes(address: str) -> ColumnElement[bool]:
    """Capitals and small letters alike, as each database can say it of bytes."""
    raw, wanted = IncomingMessage.raw, address.lower()
    if db.engine.dialect.name == "sqlite":
        return func.instr(func.lower(raw), wanted) > 0  # lower() reads the bytes as text
    return func.strpos(func.lower(func.encode(raw, "escape")), wanted) > 0


def _set(model: Any, which: ColumnElement[bool], values: dict[str, Any]) -> None:
    db.session.execute(update(model).where(which).values(values).execution_options(**QUIET))


def is_forgotten(message: Message) -> bool:
    """Its reader was erased: what comes in about it is not kept."""
    return not message.recipient
