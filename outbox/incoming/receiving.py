"""Taking in a message: kept once, matched by what only we can have written, and acted on only then.

A bounce ends its message and blocks the address; a complaint blocks it at once. What a reply brings about
is the business of the rooms above, which find the row by its `handled_at`.
"""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound

from core import links
from core.db import db
from core.models import Organisation
from outbox.addresses import recipient_key
from outbox.erasing import is_forgotten
from outbox.incoming.machine_reports import Report
from outbox.incoming.models import Attachment, IncomingMessage
from outbox.incoming.reading import Incoming, read
from outbox.incoming.softness import is_due_to_block
from outbox.models import Attempt, Message
from outbox.moving import move
from outbox.suppressing import suppress_key

log = structlog.get_logger()


def receive(raw: bytes, now: datetime) -> dict[str, Any]:
    """As `take_in`, of bytes (`message/rfc822`). Edges read them first, outside the transaction: thirty megabytes take a second."""
    return take_in(read(raw), now)


def take_in(incoming: Incoming, now: datetime) -> dict[str, Any]:
    """Keep one message and do what it asks for; the same message again, by whichever way, does nothing more.

    Returns kind, matched, recipients, permanent, message_id (ours; None when it is about none of ours), text.
    """
    row = known(incoming.digest)
    if row is None:
        try:
            row = _keep(incoming, now)
        except IntegrityError:
            row = db.session.scalars(
                select(IncomingMessage).where(IncomingMessage.digest == incoming.digest)
            ).one()
    return _result(incoming, row.message_id)


def known(digest: str) -> IncomingMessage | None:
    return db.session.scalar(select(IncomingMessage).where(IncomingMessage.digest == digest))


def _keep(incoming: Incoming, now: datetime) -> IncomingMessage:
    message = match(incoming)
    forgotten = message is not None and is_forgotten(message)
    outcome = _outcome(incoming, message, forgotten=forgotten)
    row = IncomingMessage(
        organisation_id=message.organisation_id if message else whose(incoming.sender), digest=incoming.digest, received_at=now, kind=incoming.kind,
        permanent=incoming.report.permanent, message_id=message.id if message else None, handled_at=now if outcome else None, outcome=outcome,
        **(_nothing() if forgotten else _words(incoming)),
    )  # fmt: skip
    with db.session.begin_nested():  # where two take it in at once, the second finds the first one's row
        db.session.add(row)
    if message and not forgotten:
        _attach(incoming, message, row)
        _act(incoming, message, now)
    return row


def _outcome(incoming: Incoming, message: Message | None, *, forgotten: bool) -> str:
    """What became of it; nothing for a reply, which waits for the rooms above."""
    if message is None or forgotten:
        return "erased" if forgotten else "unmatched"
    return {"reply": "", "bounce": "acted", "complaint": "acted"}.get(incoming.kind, "noted")


def _words(incoming: Incoming) -> dict[str, Any]:
    return {
        "sender": incoming.sender, "sender_name": incoming.sender_name, "subject": incoming.subject, "text": incoming.text, "raw": incoming.raw,
        "thread": list(incoming.thread), "remarks": [list(remark) for remark in incoming.remarks],
    }  # fmt: skip


def _nothing() -> dict[str, Any]:
    return {"text": "", "raw": b""}


def _attach(incoming: Incoming, message: Message, row: IncomingMessage) -> None:
    """Only of what is about a message of ours: nobody else leaves files here."""
    for file in incoming.files:
        db.session.add(Attachment(
            organisation_id=message.organisation_id, incoming_id=row.id, name=file.name, kind=file.kind, size=file.size, refused=file.refused,
            content=file.content,
        ))  # fmt: skip
    db.session.flush()


def match(incoming: Incoming) -> Message | None:
    """Our message that it is about: by the signed address it was sent to, else by a Message-ID that only its reader knows."""
    for token in incoming.tokens:
        if message := _by_token(token):
            return message
    found = {m.key: m for m in db.session.scalars(select(Message).where(Message.key.in_(incoming.keys)))}
    return next((found[key] for key in incoming.keys if key in found), None)


def whose(sender: str) -> int | None:
    """Who reads what is about none of our messages: whoever wrote to this address last, or the only one there is.

    It is listed there and does nothing: anybody can write any sender.
    """
    theirs = Message.organisation_id == Organisation.id, Message.recipient_key == recipient_key(sender)
    last = select(func.max(Message.created_at)).where(*theirs).scalar_subquery()
    found = db.session.execute(select(Organisation.id, last)).all()
    wrote = [(at, id) for id, at in found if at and sender]
    return max(wrote)[1] if wrote else found[0][0] if len(found) == 1 else None


def _by_token(token: str) -> Message | None:
    try:
        id, _version = links.read(token, "verp")
    except NotFound:
        return None
    return db.session.scalar(select(Message).where(Message.id == id))


def _act(incoming: Incoming, message: Message, now: datetime) -> None:
    if incoming.kind == "bounce":
        _bounce(incoming.report, message, now)
    elif incoming.kind == "complaint":
        _note(message, "complaint", incoming.report.words, now)
        suppress_key(message.organisation_id, message.recipient_key, "complaint", now)
    elif message.state == "unknown":  # whoever answers it has it: that settles the doubt
        move(message, ("unknown",), state="sent", sent_at=now)
        _note(message, "sent", f"Its reader answered it: {incoming.kind}.", now)


def _bounce(report: Report, message: Message, now: datetime) -> None:
    """It did not arrive. Only an address that is gone is blocked; a delay changes nothing."""
    if not report.failed:
        return
    sent_at = message.sent_at or now
    move(message, ("sent", "unknown"), state="bounced", sent_at=sent_at, server_reply=report.words[:1000])
    _note(message, "bounced", f"{report.status} {report.words}".strip(), now)
    if is_due_to_block(report, message):
        suppress_key(message.organisation_id, message.recipient_key, "hard_bounce", now)
    if report.status.startswith("5.7."):
        log.error("alarm: mail servers refuse us", message=message.id, reply=report.words)


def _note(message: Message, outcome: str, reply: str, now: datetime) -> None:
    attempt = Attempt(
        message_id=message.id, message_key=message.key, at=now, outcome=outcome, reply=reply[:1000]
    )
    db.session.add(attempt)
    db.session.flush()


def _result(incoming: Incoming, message_id: int | None) -> dict[str, Any]:
    return {
        "kind": incoming.kind,
        "matched": message_id is not None,
        "recipients": list(incoming.report.recipients),
        "permanent": incoming.report.permanent,
        "message_id": message_id,
        "text": incoming.text,
    }
