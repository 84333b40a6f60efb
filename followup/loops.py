"""How far the loop of one response is, as staff see it: every promise, what was heard, and how it was delivered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.db import db
from followup.models import Verdict
from followup.own_page.status import Given, status
from outbox.models import Attempt, Message
from outbox.queries import tries_left
from promises.lines import Line, line
from promises.models import Promise, Update
from promises.standing import Standing, standing_sql
from surveys.models_responses import Response


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt at delivering, with the server's own words."""

    at: datetime
    outcome: str
    server: str
    reply: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One update: what was said, how it travelled. `lost`: its message row is gone, the tries are what is left."""

    kind: str
    how: str
    channel: str
    words: str
    at: datetime
    lost: bool
    message_id: int | None
    state: str
    subject: str
    tries: tuple[Try, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    line: Line
    heard: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict."""

    clear: bool | None
    solved: bool | None
    words: str
    emotion: str
    phone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Loop:
    """`shares`: heard, acted, told, agreed. `stands` is None for a test, which does not count."""

    shares: tuple[float, float, float, float]
    stands: Standing | None
    answers: tuple[Given, ...]
    chain: tuple[Owed, ...]
    verdicts: tuple[Said, ...]
    closing: str
    """How it closed: one of followup.closing.CLOSINGS, or nothing."""

    @property
    def open(self) -> Line | None:
        """The promise that is owed now."""
        return next((o.line for o in reversed(self.chain) if not o.line.ended_as), None)


def loop(response: Response, now: datetime, timezone: str) -> Loop:
    """All of it, oldest first."""
    page, promises = status(response, now), _promises(response)
    orphans = _orphans(promises)
    said = db.session.scalars(select(Verdict).where(Verdict.response_id == response.id).order_by(Verdict.id))
    return Loop(
        shares=page.shares, stands=_stands(response), answers=page.answers + page.carried,
        chain=tuple(Owed(line(p, now, timezone), tuple(_heard(u, orphans) for u in p.updates)) for p in promises),
        verdicts=tuple(Said(v.clear, v.solved, v.words, v.emotion or "", v.phone, v.created_at) for v in said), closing=page.closing,
    )  # fmt: skip


def _promises(response: Response) -> list[Promise]:
    query = select(Promise).where(Promise.response_id == response.id).order_by(Promise.id)
    delivered = selectinload(Promise.updates).joinedload(Update.message).selectinload(Message.attempts)
    return list(db.session.scalars(query.options(joinedload(Promise.who), delivered)))


def _stands(response: Response) -> Standing | None:
    row = db.session.execute(standing_sql().where(Response.id == response.id)).one_or_none()
    return Standing(row.state, row.why) if row else None


def _orphans(promises: Iterable[Promise]) -> dict[str, list[Attempt]]:
    """message key → the tries that are left of messages whose row is gone"""
    gone = {
        u.message_key: u.message_id for p in promises for u in p.updates if u.message_key and not u.message
    }
    return {key: _left(message_id, key) for key, message_id in gone.items()}


def _left(message_id: int | None, key: str) -> list[Attempt]:
    tries = select(Attempt).where(tries_left(message_id, key)).order_by(Attempt.id)
    return list(db.session.scalars(tries))


def _heard(update: Update, orphans: dict[str, list[Attempt]]) -> Heard:
    message = update.message
    tries = message.attempts if message else orphans.get(update.message_key or "", [])
    return Heard(
        kind=update.kind, how=update.how, channel=update.channel, words=update.words, at=(message and message.sent_at) or update.composed_at,
        lost=update.channel != "page" and not message, message_id=update.message_id, state=message.state if message else "",
        subject=message.subject if message else "", tries=tuple(Try(a.at, a.outcome, a.server, a.reply) for a in tries),
    )  # fmt: skip
