"""Many answers in little time: a thousand made row by row, then multiplied by the database itself."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, literal, select

from core.db import db, writing
from outbox.models import Attempt, Message
from promises.models import Promise, Update
from surveys.models import Round, Survey
from surveys.models_responses import Response

SEED = 1000
COPIED: tuple[tuple[Any, dict[str, str], tuple[str, ...]], ...] = (
    (Response, {"id": "response"}, ("nonce",)),
    (Promise, {"id": "promise", "response_id": "response", "predecessor_id": "promise"}, ()),
    (Message, {"id": "message"}, ("key",)),
    (Update, {"id": "promise_update", "promise_id": "promise", "message_id": "message"}, ("message_key",)),
    (Attempt, {"id": "attempt", "message_id": "message"}, ("message_key",)),
)
"""Tables; whose numbers stand in which of their columns; and what must be new in each copy."""


def gather(survey: Survey, answers: int, now: datetime) -> int:
    """At least this many answers in the rounds of this year, as they stand in a loop that runs; returns how many."""
    with writing():
        made = _seed(survey, now)
    while made < answers:
        with writing():
            _double(made)
        made *= 2
    return made


def _seed(survey: Survey, now: datetime) -> int:
    """One in ten is still promised a word, one reads it on their page, one is out of reach; a third heard of a move first."""
    rounds = [_round(survey, month) for month in range(1, 11)]
    db.session.add_all(rounds)
    for n in range(SEED):
        _answer(survey, rounds[n % 10], n, now - timedelta(days=n % 300))
    db.session.flush()
    return SEED


def _round(survey: Survey, month: int) -> Round:
    first = datetime(2026, month, 1).date()  # noqa: DTZ001 - a day, not a moment
    return Round(
        organisation_id=survey.organisation_id,
        survey_id=survey.id,
        starts_on=first,
        ends_on=first.replace(day=28),
    )


def _answer(survey: Survey, round: Round, n: int, at: datetime) -> None:
    response = Response(
        organisation_id=survey.organisation_id, survey_id=survey.id, version_id=survey.versions[0].id, round=round,
        channel="page", language="en", nonce=f"n{n}", score=1 + n % 5, submitted_at=at, received_at=at,
    )  # fmt: skip
    first = _promise(survey, response, at, "answer")
    _told(first, "receipt", "receipt", f"r{n}", at, "sent")
    last = _moved(survey, first, n, at) if n % 3 == 0 else first
    _ended(last, n, at)


def _moved(survey: Survey, first: Promise, n: int, at: datetime) -> Promise:
    first.ended_at, first.ended_as = at + timedelta(days=2), "moved"
    db.session.add(first)
    db.session.flush()
    second = _promise(survey, first.response, at + timedelta(days=2), "moved")
    second.predecessor_id = first.id
    _told(first, "ending", "moved", f"m{n}", at + timedelta(days=2), "sent")
    return second


def _ended(promise: Promise, n: int, at: datetime) -> None:
    if n % 10 == 0:
        return
    later = at + timedelta(days=3, hours=n % 50)
    promise.ended_at, promise.ended_as = later, "told"
    how = ("done", "planned", "wont_do", "thanks")[n % 4]
    _told(
        promise, "ending", how, None if n % 10 == 1 else f"e{n}", later, "bounced" if n % 10 == 2 else "sent"
    )


def _promise(survey: Survey, response: Response, at: datetime, because: str) -> Promise:
    made = Promise(
        organisation_id=survey.organisation_id, response=response, kind="update", because=because, who_id=survey.signer_id,
        channel="page", due_at=at + timedelta(days=5), opened_at=at, moves=0,
    )  # fmt: skip
    db.session.add(made)
    return made


def _told(promise: Promise, kind: str, how: str, key: str | None, at: datetime, state: str) -> None:
    message = _message(promise.organisation_id, key, at, state) if key else None
    db.session.add(
        Update(
            organisation_id=promise.organisation_id, promise=promise, kind=kind, how=how, composed_at=at,
            channel="mail" if key else "page", message=message, message_key=key,
        )
    )  # fmt: skip


def _message(organisation_id: int, key: str, at: datetime, state: str) -> Message:
    """Without its words: who is told is counted without them."""
    tried = Attempt(message_key=key, at=at, outcome="sent", server="mx.example.org", reply="250 kept")
    return Message(
        organisation_id=organisation_id, key=key, kind="update", recipient="rita@example.org", recipient_key="k", sender_name="Sam",
        language="en", subject="About your answer", slot="s", created_at=at, expires_at=at, state=state,
        next_attempt_at=at, sent_at=at, server_reply="250 kept", attempts=[tried],
    )  # fmt: skip


def _double(made: int) -> None:
    """Every row once more; each number moves by as many as there are, so that copies lead to copies."""
    by = {model.__tablename__: db.session.scalar(select(func.max(model.id))) or 0 for model, _, _ in COPIED}
    for model, numbers, keys in COPIED:
        table: Any = model.__table__
        new = {name: table.c[name] + by[of] for name, of in numbers.items()}
        new |= {name: table.c[name] + literal(_letter(made)) for name in keys}
        rows = select(*(new.get(c.name, c).label(c.name) for c in table.columns))
        db.session.execute(insert(table).from_select([c.name for c in table.columns], rows))


def _letter(made: int) -> str:
    """Another one at each doubling: what ends in it was not there before, and no key becomes too long."""
    return chr(ord("a") + (made // SEED).bit_length())
