"""A sweep that should find nothing, and says so loudly when it does.

It puts back what can be put back without telling anybody the same thing twice: a promise that is not
there, and the message of an update that nobody ever tried to deliver. A message that was tried is not
written again: who was told cannot be proved any more, and the ledger says so until a person decides.
"""

from datetime import datetime

import structlog
from sqlalchemy import Select, func, select

from core import audit
from core.db import db, writing
from customers.models import Identity
from followup.carrying import Envelope, send
from followup.correcting import catch_up
from followup.letters import Piece, letter
from outbox.models import Attempt, Message
from promises.models import Update
from promises.opening import on_response
from promises.standing import standing_sql
from surveys.models import Response

log = structlog.get_logger()


def sweep(now: datetime) -> int:
    """Repair what is missing; returns how many rows were put back."""
    return _restore_promises(now) + _restore_messages(now) + _restore_corrections(now)


def _restore_promises(now: datetime) -> int:
    rows = standing_sql().subquery()
    query = select(rows.c.response_id).where(rows.c.state == "missing", rows.c.promise_id.is_(None))
    missing = db.session.scalars(query).all()
    for response_id in missing:
        with writing():
            _restore_promise(db.session.get_one(Response, response_id), now)
    return len(missing)


def _restore_promise(response: Response, now: datetime) -> None:
    on_response(response, now)
    audit.record("sweep.promise", response, now)
    log.error("a promise was missing and is there again", response=response.id)


def _restore_messages(now: datetime) -> int:
    missing = db.session.scalars(_untried()).all()
    for key in missing:
        with writing():
            _restore_message(key, now)
    return len(missing)


def _restore_corrections(now: datetime) -> int:
    """Somebody was told the old word at the very moment at which it was corrected."""
    with writing():
        missed = catch_up(now)
    if missed:
        log.error("what was corrected had been told meanwhile, and is put right", comments=missed)
    return missed


def _untried() -> Select[str]:
    """Keys of messages whose row is gone and that nobody ever tried to deliver."""
    return (
        select(func.distinct(Update.message_key))
        .outerjoin(Message, Message.id == Update.message_id)
        .where(Update.channel == "mail", Message.id.is_(None))
        .where(~select(Attempt.id).where(Attempt.message_key == Update.message_key).exists())
    )


def _restore_message(key: str, now: datetime) -> None:
    """One message for all the updates it carried, as before."""
    updates = list(db.session.scalars(select(Update).where(Update.message_key == key).order_by(Update.id)))
    identity = updates[0].promise.response.identity
    if not identity:
        return
    message = _written_again(updates[-1], identity, now)
    for update in updates:
        update.message, update.message_key = message, message.key
    audit.record("sweep.message", updates[-1], now)
    log.error("a message was missing and is queued again", update=updates[-1].id)


def _written_again(update: Update, identity: Identity, now: datetime) -> Message:
    """From the words that were frozen with the update."""
    response = update.promise.response
    envelope = Envelope(identity)
    words = Piece(
        _title(response), response.submitted_at.date(), (), (), update.words, envelope.status(response)
    )
    kind = "receipt" if update.kind == "receipt" else "update"
    written = letter(kind, response, update.promise, now, pieces=(words,), unsubscribe=envelope.unsubscribe)
    return send(envelope, written, kind, response.language, now)


def _title(response: Response) -> str:
    return response.survey.title.get(response.language) or response.survey.title[response.survey.language]
