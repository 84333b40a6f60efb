"""The receipt: what we promise to whoever answered. It waits for nothing and quotes nothing to a stranger."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from followup.carrying import RECEIPTS_A_DAY, Envelope, send, written_today
from followup.letters import as_answer, letter, piece
from followup.readiness import whole
from followup.rendering import page_words
from followup.threads import answering
from outbox.models import Message
from promises.ending import announce
from promises.models import Promise, Update

ANNOUNCED_ALONE = ("answer", "not_clear", "not_solved", "reply")
"""Other promises are announced by the message that ends the one before."""
BATCH = 500


def compose_receipts(now: datetime) -> int:
    """Announce each new promise; returns how many."""
    done, batch = 0, _unannounced()
    while batch:
        done += sum(_announce_once(promise_id, now) for promise_id in batch)
        batch = _unannounced() if len(batch) == BATCH else []
    return done


def _unannounced() -> list[int]:
    receipt = select(Update.id).where(Update.promise_id == Promise.id, Update.kind == "receipt")
    query = select(Promise.id).where(Promise.is_open, Promise.because.in_(ANNOUNCED_ALONE), ~receipt.exists())
    return list(db.session.scalars(query.order_by(Promise.id).limit(BATCH)))


def _announce_once(promise_id: int, now: datetime) -> int:
    try:
        with writing():
            _announce(whole(promise_id), now)
    except IntegrityError:
        return 0  # another clock announced it at the same moment
    return 1


def _announce(promise: Promise, now: datetime) -> None:
    if promise.ended_at or any(u.kind == "receipt" for u in promise.updates):
        return
    message = _mail(promise, now)
    written = letter("receipt", promise.response, promise, now, pieces=(piece(promise.response, [], [], ""),))
    announce(promise, message, page_words(written, promise.response.language), now)


def _mail(promise: Promise, now: datetime) -> Message | None:
    """At most three a day per address: whoever types a stranger's address cannot fill their mailbox."""
    response = promise.response
    if promise.channel != "mail" or not response.identity:
        return None
    if (
        written_today(response.identity, response.survey.organisation.timezone, now, ("receipt",))
        >= RECEIPTS_A_DAY
    ):
        return None
    envelope = Envelope(response.identity)
    status = envelope.status(response)
    written = letter(
        "receipt",
        response,
        promise,
        now,
        pieces=(
            as_answer(
                piece(response, [], [], status), answering(response) if promise.because == "reply" else None
            ),
        ),
        unsubscribe=envelope.unsubscribe,
    )
    return send(envelope, written, "receipt", response.language, now)
