"""On the promised day there is a word, also when there is no news: honestly so, with the next date.

And a promise that was moved is announced with its reason, in the same way: one ends, the next begins.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db, writing
from followup.carrying import Envelope, send
from followup.delaying import tell_new_dates
from followup.letters import Letter, letter, page_words, piece
from followup.planning import missed_plans, plans_of, taken_by, waiting_plans
from followup.readiness import ready
from outbox.models import Message
from promises.ending import announce, conclude, end
from promises.models import Promise, Update
from promises.opening import due, open_promise
from surveys.models import Response

HOUR = time(14)
"""Local time on the promised day from which no news is told."""
MARGIN = timedelta(minutes=30)
"""Before the moment of a promise in hours."""


def compose_no_news(now: datetime) -> int:
    """Keep the word of promises whose day has come with nothing to tell; returns how many."""
    return sum(_once(promise_id, now) for promise_id in _due_without_news(now))


def compose_moves(now: datetime) -> int:
    """Announce the moves that nobody heard of yet; returns how many."""
    ending = select(Update.id).where(Update.promise_id == Promise.id, Update.kind == "ending")
    moved = (
        select(Promise.id)
        .join(Response, Response.id == Promise.response_id)
        .where(Promise.ended_as == "moved", ~ending.exists(), Response.declined_at.is_(None))
        .order_by(Promise.id)
    )
    return sum(_once(promise_id, now) for promise_id in db.session.scalars(moved).all())


def _due_without_news(now: datetime) -> list[int]:
    """The widest window first, in SQL; the local hour is asked of each."""
    window = select(Promise.id, Promise).where(Promise.is_open, Promise.due_at <= now + timedelta(hours=14))
    near = [p for _, p in db.session.execute(window.order_by(Promise.id))]
    told_by_tag = {r.promise_id for r in ready(now, only=[p.id for p in near])}
    return [p.id for p in near if _its_time(p, now) and p.id not in told_by_tag]


def _its_time(promise: Promise, now: datetime) -> bool:
    if not promise.due_on:
        return promise.due_at - MARGIN <= now
    return clock.at(promise.due_on, HOUR, promise.response.survey.organisation.timezone) <= now


def _once(promise_id: int, now: datetime) -> int:
    try:
        with writing():
            return _announce(db.session.get_one(Promise, promise_id), now)
    except IntegrityError:
        return 0  # another clock told it at the same moment


def _announce(promise: Promise, now: datetime) -> int:
    if any(u.kind == "ending" for u in promise.updates) or promise.ended_as not in {None, "moved"}:
        return 0
    successor = _successor(promise, now)
    how = "moved" if promise.ended_as == "moved" else "no_news"
    message = _mail(promise, successor, how, now)
    words = page_words(_letter(promise, successor, how, now), promise.response.language)
    ending = conclude(promise, how, message, words, now)
    if how == "moved":
        tell_new_dates(ending, now)
    announce(successor, message, "", now)
    return 1


def _successor(promise: Promise, now: datetime) -> Promise:
    """What the same message announces: the promise it was moved to, or the next update."""
    if promise.ended_as == "moved":
        return db.session.scalars(select(Promise).where(Promise.predecessor_id == promise.id)).one()
    end(promise, "told", now)
    db.session.flush()
    due_at, due_on = due(promise.response.survey, now)
    return open_promise(
        promise.response, "no_news", due_at, due_on, now, predecessor=promise, who=taken_by(promise.response)
    )


def _mail(promise: Promise, successor: Promise, how: str, now: datetime) -> Message | None:
    response = promise.response
    if promise.channel != "mail" or not response.identity:
        return None
    envelope = Envelope(response.identity)
    written = _letter(promise, successor, how, now, envelope.status(response), envelope.unsubscribe)
    return send(envelope, written, how, response.language, now)


def _letter(
    promise: Promise, successor: Promise, how: str, now: datetime, status: str = "", unsubscribe: str = ""
) -> Letter:
    response = promise.response
    broken = promise.due_on if how == "no_news" and promise.kind == "outcome" else None
    planned = plans_of(response) if how == "moved" and promise.kind == "outcome" else []
    planned = missed_plans(response, broken) if broken else planned
    waiting = [a for a in waiting_plans(response) if a not in planned]
    part = piece(response, [], [a for a in planned if a.day], status, waiting=waiting)
    return letter(
        how,
        response,
        successor,
        now,
        pieces=(part,),
        next_promise=successor,
        unsubscribe=unsubscribe,
        broken=broken,
    )
