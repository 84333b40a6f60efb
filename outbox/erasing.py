"""The words of messages, and whom they went to, are forgotten. What became of them stays, and is counted."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from core.db import db
from core.rows import among
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
    every = among(Message.id, ids)
    waits = Message.state.in_(("queued", "claimed"))
    end = {"state": state, "owner": None, "lease_until": None}
    ended = db.session.execute(
        update(Message)
        .where(every, waits)
        .values(end)
        .returning(Message.id, Message.key)
        .execution_options(**QUIET)
    ).all()
    forget_words(ids)
    lines = [
        {"message_id": id, "message_key": key, "at": now, "outcome": state, "reply": ERASED}
        for id, key in ended
    ]
    if lines:
        db.session.execute(insert(Attempt), lines)
    return list(db.session.scalars(select(Message.id).where(every, Message.state == "transmitting")))


def forget_words(ids: Collection[int]) -> None:
    """Of messages, of what servers said about them, and of what came back."""
    _set(Message, among(Message.id, ids), NOTHING)
    _set(MessageBody, among(MessageBody.message_id, ids), {"text": "", "html": ""})
    _set(Attempt, among(Attempt.message_id, ids), {"reply": ""})
    forget_incoming(
        db.session.scalars(select(IncomingMessage.id).where(among(IncomingMessage.message_id, ids))).all()
    )


def forget_incoming(ids: Collection[int]) -> None:
    """Their words, who wrote them, and what was attached."""
    db.session.execute(
        delete(Attachment).where(among(Attachment.incoming_id, ids)).execution_options(**QUIET)
    )
    _set(IncomingMessage, among(IncomingMessage.id, ids), NOTHING_CAME)


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
