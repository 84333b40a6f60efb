"""The one way a person or a reply moves a message: a guarded UPDATE that takes the row lock and counts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, update

from core.db import db
from outbox.models import Message


def move(message: Message, states: Sequence[str], *also: ColumnElement[bool], **values: Any) -> bool:
    """Set `values` if the message is still in one of `states`, and what `also` says holds; False when not. Refreshes the row."""
    guarded = update(Message).where(Message.id == message.id, Message.state.in_(states), *also).values(values)
    moved = db.session.connection().execute(guarded).rowcount
    db.session.refresh(message)
    return bool(moved)
