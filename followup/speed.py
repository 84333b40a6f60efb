"""Speed: how soon people hear something, and how soon they hear what came of it, against the date they were promised.

The first word is the first message that a person's action caused. A receipt, a message without news and
a closing by default are none: they come by themselves. All of it counts from the moment we got the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import case, func, select

from core.db import Rows, db
from outbox.models import Message
from promises.ledger import Scope
from promises.models import Promise, Update
from promises.standing import carries
from surveys.models_responses import Response

LAST = timedelta(days=90)
OUTCOMES = ("done", "wont_do", "already", "thanks", "digest")
"""What came of it. A plan is a word, and not the last one."""
WORDS = (*OUTCOMES, "planned", "moved", "correction")
ENOUGH = 10
"""Fewer people have no ninetieth percentile."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long it took with `n` people; `most`: nine in ten had it by then. None where `n` is too small."""

    n: int
    median: timedelta | None
    most: timedelta | None


@dataclass(frozen=True, slots=True)
class Speed:
    """Of the `asked` people who answered in the last 90 days and are owed a word: the rest of them has none yet."""

    asked: int
    first_word: Spread
    outcome: Spread
    in_time: int
    """How many had their first word by the date that they were promised first."""

    @property
    def without(self) -> int:
        return self.asked - self.first_word.n


def speed(scope: Scope, now: datetime) -> Speed:
    words, outcomes, asked, in_time = [], [], 0, 0
    for received_at, due_at, word_at, outcome_at in db.session.execute(_firsts(scope, now)):
        asked += 1
        if word_at:
            words.append(word_at - received_at)
            in_time += word_at <= due_at
        if outcome_at:
            outcomes.append(outcome_at - received_at)
    return Speed(asked, spread(words), spread(outcomes), in_time)


def spread(took: Iterable[timedelta]) -> Spread:
    """Half of them, and nine in ten of them, had it by then: a time that somebody really had (nearest rank)."""
    held = sorted(took)
    most = held[ceil(0.9 * len(held)) - 1] if len(held) >= ENOUGH else None
    return Spread(len(held), held[ceil(len(held) / 2) - 1] if held else None, most)


def _firsts(scope: Scope, now: datetime) -> Rows:
    """(received, first promised date, first word, first outcome) of each response that is owed a word."""
    said_at = func.coalesce(Message.sent_at, Update.composed_at)
    arrived = (Update.channel == "page") | Message.state.in_(("sent", "bounced"))
    query = (
        select(
            Response.received_at,
            func.min(Promise.due_at),
            func.min(case((Update.how.in_(WORDS) & arrived, said_at))),
            func.min(case((Update.how.in_(OUTCOMES) & arrived, said_at))),
        )
        .join(Promise, Promise.response_id == Response.id)
        .outerjoin(Update, (Update.promise_id == Promise.id) & (Update.kind == "ending"))
        .outerjoin(Message, carries(Update))
        .where(Response.is_test.is_(False), Response.received_at > now - LAST)
        .group_by(Response.id, Response.received_at)
    )
    return scope.within(query)
