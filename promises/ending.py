"""Announce a promise once, end it once. Which message says so is a row: an Update."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from core import audit, rows
from core.errors import Conflict
from outbox.models import Message
from promises.models import Promise, Update

_RECEIPT = select(Update.id).where(Update.promise_id == bindparam("promise_id"), Update.kind == "receipt")


def end(promise: Promise, ended_as: str, now: datetime) -> None:
    """Guarded by the row itself: whoever comes second is told so."""
    if promise.ended_at:
        raise Conflict(_("This promise has ended already."))
    rows.change(promise, ended_at=now, ended_as=ended_as)
    audit.record(f"promise.{ended_as}", promise, now)


def announce(promise: Promise, message: Message | None, words: str, now: datetime) -> Update:
    """The receipt: the respondent hears what, who and when."""
    return _update(promise, "receipt", "receipt", message, words, now)


def conclude(
    promise: Promise, how: str, message: Message | None, words: str, now: datetime, following: Promise | None = None
) -> Update:  # fmt: skip
    """The ending. The same message announces what is owed next, and a promise that was never announced."""
    if not rows.first(_RECEIPT, promise_id=promise.id):
        announce(promise, message, "", now)
    ending = _update(promise, "ending", how, message, words, now)
    if following:
        announce(following, message, "", now)
    return ending


def _update(
    promise: Promise, kind: str, how: str, message: Message | None, words: str, now: datetime
) -> Update:
    update = rows.insert(Update(
        organisation_id=promise.organisation_id, promise_id=promise.id, kind=kind, how=how, words=words, composed_at=now,
        channel=message.channel if message else "page", message_id=message.id if message else None, message_key=message.key if message else None,
    ))  # fmt: skip
    if "updates" in vars(promise):  # they were read before
        set_committed_value(promise, "updates", [*promise.updates, update])
    return update
