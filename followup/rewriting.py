"""Write a message once more whose row is gone, from what its updates told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from core.db import db
from customers.models import Identity
from followup.carrying import Envelope, send
from followup.composing import digest_words
from followup.letters import Piece, letter, piece
from followup.models import Told
from outbox.models import Message
from promises.models import GOES_ON, Promise, Update
from triage.models import Tag

OWN_LETTERS = (*GOES_ON, "moved")
"""Endings that announce the next promise in a letter of their own kind."""
TOLD_APART = ("digest", "correction")


def written_again(updates: Sequence[Update], identity: Identity, now: datetime) -> Message:
    """Everything it carried; queued as a new message."""
    envelope = Envelope(identity, channel=updates[0].channel)
    endings = [u for u in updates if u.kind == "ending"]
    last = (endings or updates)[-1]
    successor = _successor(last.promise) if last.how in OWN_LETTERS else None
    kind = last.how if successor else "update" if endings else "receipt"
    written = letter(
        kind, last.promise.response, successor or last.promise, now,
        pieces=tuple(_piece(u, envelope) for u in endings or updates), next_promise=successor, unsubscribe=envelope.unsubscribe,
    )  # fmt: skip
    named = last.how if last.how in TOLD_APART else kind
    return send(envelope, written, named, last.promise.response.language, now)


def _piece(update: Update, envelope: Envelope) -> Piece:
    """The same actions again; where nobody knows any more which they were, the words that were frozen."""
    response, tags = update.promise.response, _told(update)
    quotes = list(dict.fromkeys(t.comment.text for t in tags if t.comment.text))
    actions = list(dict.fromkeys(t.action for t in tags))
    digest = digest_words(update.promise) if update.how == "digest" else ""
    frozen = "" if actions or digest else update.words
    announced = None if update.how in OWN_LETTERS else _successor(update.promise)
    status = envelope.status(response)
    return replace(piece(response, quotes, actions, status, digest, announced=announced), frozen=frozen)


def _told(update: Update) -> list[Tag]:
    told = select(Told.tag_id).where(Told.update_id == update.id)
    return list(db.session.scalars(select(Tag).where(Tag.id.in_(told)).order_by(Tag.id)))


def _successor(promise: Promise) -> Promise | None:
    return db.session.scalar(select(Promise).where(Promise.predecessor_id == promise.id))
