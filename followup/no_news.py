"""On the promised day there is a word, also when there is no news: honestly so, with the next date.

And a promise that was moved is announced with its reason, in the same way: one ends, the next begins.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock, rows
from core.db import Rows, db, writing
from core.models import Organisation
from followup.carrying import tell_ending
from followup.joined.said_already import no_news_already
from followup.letters import Letter, letter, piece
from followup.plans.delaying import tell_new_dates
from followup.plans.planning import missed_plans, plans_of, taken_by, waiting_plans
from followup.readiness import told_in_time, whole
from promises.ending import end
from promises.models import Promise, Update
from promises.opening import due, open_promise
from surveys.models import Round
from surveys.models_responses import Response

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
    )
    return sum(_once(row.id, now) for some in rows.paged(moved, Promise.id) for row in some)


def _due_without_news(now: datetime) -> Iterator[int]:
    """The widest window first, in SQL; the local hour is asked of each."""
    for some in rows.paged(_near(now), Promise.id):
        yield from [row.id for row in some if _its_time(row.due_at, row.due_on, row.timezone, now)]


def _near(now: datetime) -> Rows:
    """Open, due within hours, and nobody hears anything else of it by then."""
    columns = select(Promise.id, Promise.due_at, Promise.due_on, Organisation.timezone)
    joined = columns.join(Response, Response.id == Promise.response_id).join(
        Round, Round.id == Response.round_id
    )
    joined = joined.join(Organisation, Organisation.id == Promise.organisation_id)
    return joined.where(Promise.is_open, Promise.due_at <= now + timedelta(hours=14), ~told_in_time(now))


def _its_time(due_at: datetime, due_on: date | None, timezone: str, now: datetime) -> bool:
    return (clock.at(due_on, HOUR, timezone) if due_on else due_at - MARGIN) <= now


def _once(promise_id: int, now: datetime) -> int:
    try:
        with writing():
            return _announce(whole(promise_id), now)
    except IntegrityError:
        return 0  # another clock told it at the same moment


def _announce(promise: Promise, now: datetime) -> int:
    """One that is open still has no news; one that was moved was not told yet."""
    moved = promise.ended_as == "moved" and not any(u.kind == "ending" for u in promise.updates)
    if not moved and not db.session.scalar(_near(now).where(Promise.id == promise.id)):
        return 0
    how, successor = "moved" if moved else "no_news", _successor(promise, now)
    said = None if moved else no_news_already(promise, successor, now)
    ending = tell_ending(
        promise, how, lambda status, stop: _letter(promise, successor, how, now, status, stop), now, successor, said=said
    )  # fmt: skip
    if moved:
        tell_new_dates(ending, now)
    return 1


def _successor(promise: Promise, now: datetime) -> Promise:
    """What the same message announces: the promise it was moved to, or the next update."""
    if promise.ended_as == "moved":
        return db.session.scalars(select(Promise).where(Promise.predecessor_id == promise.id)).one()
    end(promise, "told", now)
    due_at, due_on = due(promise.response.survey, now)
    return open_promise(
        promise.response, "no_news", due_at, due_on, now, predecessor=promise, who=taken_by(promise.response)
    )


def _letter(
    promise: Promise, successor: Promise, how: str, now: datetime, status: str, unsubscribe: str
) -> Letter:
    response = promise.response
    broken = promise.due_on if how == "no_news" and promise.kind == "outcome" else None
    planned = plans_of(response) if how == "moved" and promise.kind == "outcome" else []
    planned = missed_plans(response, broken) if broken else planned
    waiting = [a for a in waiting_plans(response) if a not in planned]
    part = piece(response, [], [a for a in planned if a.day], status, waiting=waiting)
    return letter(
        how, response, successor, now, pieces=(part,), next_promise=successor, unsubscribe=unsubscribe, broken=broken
    )  # fmt: skip
