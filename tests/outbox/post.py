"""Messages for the tests of the outbox, and what became of them."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from core.db import db, writing
from core.models import Organisation
from core.settings import settings
from outbox.channels import transport
from outbox.delivering import deliver
from outbox.freezing import freeze
from outbox.models import Attempt, Message
from outbox.slots import new_slot, slot_link


def write(
    organisation: Organisation, now: datetime, recipient: str = "rita@example.com", **values: Any
) -> Message:
    """One message with a status link in both bodies, inside `writing()`."""
    slot = new_slot()
    link = slot_link(slot, "status")
    written: dict[str, Any] = {
        "kind": "update",
        "subject": "What we did",
        "text": f"Dear Rita,\n\nRead it here: {link}\n",
        "html": f'<p>Dear Rita,</p><p><a href="{link}">Read it here</a></p>',
        "sender_name": "Alice Adams",
        "language": "en",
        "links": {"status": ["status", 7, 1]},
        "recipient_name": "Rita Ritsema",
        "slot": slot,
    }
    return freeze(organisation_id=organisation.id, recipient=recipient, now=now, **{**written, **values})


def queue(
    organisation: Organisation, now: datetime, recipient: str = "rita@example.com", **values: Any
) -> Message:
    """As `write`, committed."""
    with writing():
        return write(organisation, now, recipient, **values)


def send(now: datetime) -> int:
    """One delivery over the channel that the settings say."""
    return deliver(now, transport(settings()))


def states() -> dict[str, int]:
    """How many messages are in each state."""
    db.session.rollback()
    return dict(Counter(db.session.scalars(select(Message.state))))


def attempts(message: Message) -> list[Attempt]:
    db.session.rollback()
    return list(
        db.session.scalars(select(Attempt).where(Attempt.message_id == message.id).order_by(Attempt.id))
    )


def count(model: type[Any]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0
