"""The one way a person or a reply moves a message: a guarded UPDATE that takes the row lock and counts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from core.db import db
from outbox.models import Message


def move(message: Message, states: Sequence[str], **values: Any) -> bool:
    """Set `values` if the message is still in one of `states`; False when it was not. Refreshes the row."""
    guarded = update(Message).where(Message.id == message.id, Message.state.in_(states)).values(values)
    moved = db.session.connection().execute(guarded).rowcount
    db.session.refresh(message)
    return bool(moved)
