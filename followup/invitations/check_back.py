"""Asked once more, weeks later, when the fix can be felt. An invitation: it owes nothing, and told stays told.

Whoever is owed a word is not asked: their loop is open. Whoever asked not to be told, or gets no mail from
us, is left alone. Who missed it by more than two weeks, since the clock stood still, is not asked any more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.exc import IntegrityError

from core.db import Rows, db, writing
from customers.models import Identity
from followup.carrying import LIMITED, Envelope, send, written_today
from followup.joined.said_already import asked_already
from followup.letters import letter, piece
from followup.models import CheckBack, Told
from outbox.models import Message
from outbox.streams import PURPOSES, stream
from outbox.suppressing import suppression
from promises.models import Promise, Update
from surveys.models_responses import Response
from triage.models import Action

LATEST = timedelta(days=14)


def compose_check_backs(now: datetime) -> int:
    """Ask those whose time has come; returns how many responses were asked."""
    return sum(_once(response_id, now) for response_id in _due(now))


def _due(now: datetime) -> Iterator[int]:
    yield from sorted(
        {response_id for days in _periods() for response_id, _ in db.session.execute(_asked(days, now))}
    )


def _periods() -> list[int]:
    """The times that are in use; none of an action is 0."""
    return list(
        db.session.scalars(select(Action.check_back_days).where(Action.check_back_days > 0).distinct())
    )


def _asked(days: int, now: datetime) -> Rows:
    """(response, action) of everybody to ask about actions with this time."""
    asked = select(CheckBack.id).where(
        CheckBack.response_id == Promise.response_id, CheckBack.action_id == Told.action_id
    )
    owed = select(Promise.id).where(Promise.response_id == Response.id, Promise.is_open).correlate(Response)
    return (
        select(Promise.response_id, Told.action_id)
        .select_from(Told)
        .join(Update, Update.id == Told.update_id)
        .join(Promise, Promise.id == Update.promise_id)
        .join(Response, Response.id == Promise.response_id)
        .join(Action, Action.id == Told.action_id)
        .where(
            Action.check_back_days == days, Action.withdrawn_at.is_(None), _felt(now - timedelta(days=days))
        )
        .where(Response.declined_at.is_(None), Response.erased_at.is_(None), ~asked.exists(), ~owed.exists())
    )


def _felt(since: datetime) -> ColumnElement[bool]:
    """Done: counted from when they heard so. Still a plan: from its date, or from when they heard, if that was later."""
    first = since - LATEST
    done = and_(Told.kind == "done", Update.composed_at > first, Update.composed_at <= since)
    day = and_(Told.due_on >= first.date(), Told.due_on < since.date())
    return or_(done, and_(Told.kind == "planned", Action.kind == "planned", day, Update.composed_at <= since))


def _once(response_id: int, now: datetime) -> int:
    try:
        with writing():
            return _ask(db.session.get_one(Response, response_id), now)
    except IntegrityError:
        return 0  # another clock asked at the same moment


def _ask(response: Response, now: datetime) -> int:
    actions = _actions(response, now)
    identity = response.identity if response.channel == "mail" else None
    asked = asked_already(response, actions) if identity and actions else None
    if not actions or (identity and not asked and not _may_write(response, identity, now)):
        return 0
    message = asked or (_mail(response, identity, actions, now) if identity else None)
    for action in actions:
        db.session.add(
            CheckBack(
                organisation_id=response.organisation_id, response_id=response.id, action_id=action.id,
                message=message, asked_at=now,
            )
        )  # fmt: skip
    db.session.flush()
    return 1


def _actions(response: Response, now: datetime) -> list[Action]:
    """Asked again inside the transaction: something may have changed meanwhile."""
    found: dict[int, Action] = {}
    for days in _periods():
        for _id, action_id in db.session.execute(_asked(days, now).where(Response.id == response.id)):
            found[action_id] = db.session.get_one(Action, action_id)
    return [found[id] for id in sorted(found)]


def _may_write(response: Response, identity: Identity, now: datetime) -> bool:
    """Not to whoever left the mail that asks, or the mail that answers; not on a day on which they were written to already."""
    if any(suppression(response.organisation_id, identity.value, each) for each in PURPOSES):
        return False
    timezone = response.survey.organisation.timezone
    return not written_today(identity, timezone, now, (*LIMITED, "check_back"))


def _mail(response: Response, identity: Identity, actions: list[Action], now: datetime) -> Message:
    envelope = Envelope(identity, stream("check_back"))
    last = select(Promise).where(Promise.response_id == response.id).order_by(Promise.id.desc()).limit(1)
    written = letter(
        "check_back", response, db.session.scalars(last).one(), now,
        pieces=(piece(response, [], actions, envelope.status(response)),), unsubscribe=envelope.unsubscribe,
    )  # fmt: skip
    return send(envelope, written, "check_back", response.language, now)
