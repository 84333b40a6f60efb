"""Mail whose time is over: the words go, in and out, and what servers said; that it was sent and arrived stays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from core import rows
from core.db import Rows, db
from core.rows import among
from outbox.incoming.models import IncomingMessage
from outbox.models import WAITING, Attempt, Message, MessageBody

WORDLESS: dict[str, Any] = {"subject": "", "links": {}, "headers": {}}
"""Whom it went to stays: their answer, or that they were asked, is kept for a time of its own."""


def old_messages(organisation_id: int, until: datetime) -> Rows:
    """Ids of messages with words, of which no server and no colleague has to decide anything more."""
    words = exists().where(MessageBody.message_id == Message.id, MessageBody.text != "")
    over = Message.created_at <= until, Message.state.not_in(WAITING)
    return select(Message.id).where(Message.organisation_id == organisation_id, *over, words)


def forget_words(ids: Sequence[int]) -> None:
    rows.overwrite(MessageBody.message_id, ids, text="", html="")
    rows.overwrite(Message.id, ids, **WORDLESS)


def old_incoming(organisation_id: int, until: datetime) -> Rows:
    """Ids of mail that came in and holds something. What is about nobody's message goes with whoever asks first."""
    whose = or_(IncomingMessage.organisation_id == organisation_id, IncomingMessage.organisation_id.is_(None))
    old = IncomingMessage.received_at <= until, IncomingMessage.handled_at.is_not(None)
    return select(IncomingMessage.id).where(whose, *old, _holds_something())


def _holds_something() -> ColumnElement[bool]:
    return or_(IncomingMessage.text != "", IncomingMessage.sender != "", func.length(IncomingMessage.raw) > 0)


def old_attempts(organisation_id: int, until: datetime) -> Rows:
    """Ids of tries of which a server's words are kept. Those of a message that is gone are nobody's."""
    mine = and_(Message.organisation_id == organisation_id, Message.state.not_in(WAITING))
    query = select(Attempt.id).outerjoin(Message, Message.id == Attempt.message_id)
    return query.where(Attempt.at <= until, Attempt.reply != "", or_(Message.id.is_(None), mine))


def forget_replies(ids: Sequence[int]) -> None:
    """When it was tried, and with which outcome and number, stays: that proves what became of it."""
    tried = select(Attempt.message_id).where(among(Attempt.id, ids))
    rows.overwrite(Message.id, filter(None, db.session.scalars(tried)), server_reply="")
    rows.overwrite(Attempt.id, ids, reply="")
