"""Messages of which nobody can know whether they arrived, with the evidence by which a person decides."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from core.db import db
from outbox.models import Attempt, Message, is_unknown

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Uncertain:
    """`tries`: each with its time, the server and its last words, oldest first."""

    id: int
    kind: str
    recipient: str
    recipient_name: str
    subject: str
    message_id: str
    """The local part of its Message-ID, by which the log of a mail server can be searched."""
    server_reply: str
    tries: tuple[Attempt, ...]


def uncertain(organisation_id: int) -> list[Uncertain]:
    """The oldest first, `SHOWN` of them: who waits longest for a decision."""
    query = select(Message).where(Message.organisation_id == organisation_id, is_unknown)
    found = query.options(selectinload(Message.attempts)).order_by(Message.id).limit(SHOWN)
    return [_uncertain(message) for message in db.session.scalars(found)]


def how_many(organisation_id: int) -> int:
    query = select(func.count(Message.id)).where(Message.organisation_id == organisation_id, is_unknown)
    return db.session.scalar(query) or 0


def _uncertain(message: Message) -> Uncertain:
    return Uncertain(
        message.id,
        message.kind,
        message.recipient,
        message.recipient_name,
        message.subject,
        message.key,
        message.server_reply,
        tuple(message.attempts),
    )
