"""What holds now, to everyone who heard what no longer does: at once, whatever else they wait for.

Whoever is owed nothing: a promise due today is opened and ended in the transaction of the message. Whoever
waits for another word keeps it: that promise ends with this message, which announces its successor by the
same date. Where everything of theirs is settled, the ordinary update says it together with the rest.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import rows
from core.db import Rows, db, writing
from followup.carrying import by_person, tell_ending, written_to
from followup.composing import by_message, how, mark_told, on_page, part, with_tags
from followup.letters import Letter, letter
from followup.readiness import still_ready, untold_tags
from promises.models import Promise
from promises.opening import due_today, open_promise
from promises.succeeding import succeed
from surveys.models_responses import Response
from triage.models import Comment, Tag
from triage.tagging import open_promise_of


def compose_corrections(now: datetime) -> int:
    """Tell again what has changed since it was told; returns how many responses heard it."""
    return sum(_once(ids, now) for ids in _groups(now))


def _groups(now: datetime) -> Iterator[list[int]]:
    for some in rows.paged(_waiting(now), Response.id):
        yield from by_person((r.id, r.id, r.identity_id, r.channel) for r in some)


def _waiting(now: datetime) -> Rows:
    query = select(Response.id, Response.identity_id, Response.channel)
    query = query.join(Comment, Comment.response_id == Response.id).join(Tag, Tag.comment_id == Comment.id)
    told_again = Tag.again & (Tag.release_at <= now) & Tag.told_at.is_(None) & Tag.withdrawn_at.is_(None)
    reachable = Response.declined_at.is_(None) & Response.erased_at.is_(None)
    return query.where(told_again, reachable).distinct()


def _once(response_ids: list[int], now: datetime) -> int:
    try:
        with writing():
            return _tell(response_ids, now)
    except IntegrityError:
        return 0  # another clock told it at the same moment


def _tell(response_ids: list[int], now: datetime) -> int:
    found = db.session.execute(_waiting(now).where(Response.id.in_(response_ids)).order_by(Response.id))
    responses = [db.session.get_one(Response, row.id) for row in found.all()]
    owed = [p for r in responses if (p := open_promise_of(r))]
    settled = {p.id for p in still_ready([p.id for p in owed], now)}
    waiting_for_more = [p for p in owed if p.id not in settled]
    for promise in waiting_for_more:
        _beside(promise, now)
    known = {p.response_id for p in owed}
    return len(waiting_for_more) + _at_once([r for r in responses if r.id not in known], now)


def _at_once(responses: list[Response], now: datetime) -> int:
    """Owed today, and ended by the message that carries it."""
    promises = [open_promise(r, "correction", *due_today(r.survey, now), now) for r in responses]
    db.session.flush()
    if not promises:
        return 0
    identity = written_to(promises[0])
    told = with_tags(promises)
    by_message(identity, told, now) if identity else on_page(told, now)
    return len(promises)


def _beside(promise: Promise, now: datetime) -> None:
    """The rest of what they wait for stays owed, and the same message says so."""
    tags = [
        t for t in untold_tags([promise.response_id])[promise.response_id] if t.again and t.release_at <= now
    ]
    successor, kind = succeed(promise, "told", now), how(tags)

    def write(status: str, stop: str) -> Letter:
        told = part(promise, tags, status, successor)
        return letter("update", promise.response, successor, now, pieces=(told,), unsubscribe=stop)

    message_kind = kind if kind == "correction" else "update"
    mark_told(tell_ending(promise, kind, write, now, successor, message_kind), tags, now)
