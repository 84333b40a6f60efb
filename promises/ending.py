"""Announce a promise once, end it once. Which message says so is a row: an Update."""

from datetime import datetime

from flask_babel import gettext as _

from core import audit
from core.db import db
from core.errors import Conflict
from outbox.models import Message
from promises.models import Promise, Update


def end(promise: Promise, ended_as: str, now: datetime) -> None:
    """Guarded by the row itself: whoever comes second is told so."""
    if promise.ended_at:
        raise Conflict(_("This promise has ended already."))
    promise.ended_at, promise.ended_as = now, ended_as
    audit.record(f"promise.{ended_as}", promise, now)


def announce(promise: Promise, message: Message | None, words: str, now: datetime) -> Update:
    """The receipt: the respondent hears what, who and when."""
    return _update(promise, "receipt", "receipt", message, words, now)


def conclude(
    promise: Promise, how: str, message: Message | None, words: str, now: datetime, following: Promise | None = None
) -> Update:  # fmt: skip
    """The ending. The same message announces what is owed next, and a promise that was never announced."""
    if not any(u.kind == "receipt" for u in promise.updates):
        announce(promise, message, "", now)
    ending = _update(promise, "ending", how, message, words, now)
    if following:
        announce(following, message, "", now)
    return ending


def _update(
    promise: Promise, kind: str, how: str, message: Message | None, words: str, now: datetime
) -> Update:
    update = Update(
        organisation_id=promise.organisation_id, promise=promise, kind=kind, how=how, words=words, composed_at=now,
        channel="mail" if message else "page", message=message, message_key=message.key if message else None,
    )  # fmt: skip
    db.session.add(update)
    db.session.flush()
    return update
