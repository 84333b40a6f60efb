"""The same is still owed, by the same date: one promise ends and its successor begins. No date moves."""

from datetime import datetime

from accounts.models import Staff
from core.db import db
from promises.ending import end
from promises.models import Promise
from promises.opening import open_promise


def succeed(promise: Promise, ended_as: str, now: datetime, who: Staff | None = None) -> Promise:
    """A promise is never edited: by another channel (the response's), or by somebody else, it is a new one.

    `ended_as`: told, when what was said did not settle all of it; cancelled, when nothing was said.
    """
    end(promise, ended_as, now)
    db.session.flush()  # the database allows one open promise: the old one ends first
    successor = open_promise(
        promise.response, promise.because, promise.due_at, promise.due_on, now,
        kind=promise.kind, predecessor=promise, reason=promise.reason,
    )  # fmt: skip
    successor.who, successor.moves = who or promise.who, promise.moves
    return successor
