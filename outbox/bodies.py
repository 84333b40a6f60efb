"""The words of messages: written when they are frozen, read when they are claimed, wiped when a link in them must be."""

from datetime import datetime
from typing import cast

from sqlalchemy import ScalarSelect, Table, bindparam, exists, or_, select, text, update

from core.db import connection, db
from outbox.models import Message, MessageBody
from outbox.prepared import Prepared

_message = cast(Table, Message.__table__)
_body = cast(Table, MessageBody.__table__)

# A tool that keeps no foreign keys leaves the words of a row it deletes, and SQLite its number to the next message.
_KEEP = text(
    "INSERT INTO message_body (message_id, text, html, secret) VALUES (:message_id, :text, :html, :secret) "
    "ON CONFLICT (message_id) DO UPDATE SET text = excluded.text, html = excluded.html, secret = excluded.secret"
)
_FORGET = Prepared(update(_body).where(_body.c.message_id == bindparam("b_id")).values(text="", html=""))
_still_needed = exists().where(
    _message.c.id == _body.c.message_id,
    or_(
        _message.c.expires_at > bindparam("now"),
        _message.c.state.in_(("claimed", "transmitting", "unknown")),
    ),
)
_FORGET_LATE = (
    update(_body).where(text("secret AND text <> ''")).where(~_still_needed).values(text="", html="")
)


def keep(message: Message, text: str, html: str) -> None:
    """Write the words of a message that is in the database."""
    values = {"message_id": message.id, "text": text, "html": html, "secret": message.secret}
    db.session.connection().execute(_KEEP, values)


def column(name: str) -> ScalarSelect[str]:
    """`text` or `html` of a message, among columns of its row; None when they are lost."""
    return select(_body.c[name]).where(_body.c.message_id == _message.c.id).scalar_subquery()


def forget(message_id: int) -> None:
    """Nobody will send it any more."""
    _FORGET.execute({"b_id": message_id})


def forget_late(now: datetime) -> None:
    """One-time links of messages that ended in another way, after their time."""
    connection().execute(_FORGET_LATE, {"now": now})
