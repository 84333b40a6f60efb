"""Which promises can be ended now: every comment is settled and released, or the round's digest is approved."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, literal, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from core.db import Rows, db
from followup.models import LargeStep
from promises.models import Promise, Update
from surveys.models import Round, Survey
from surveys.models_responses import Response
from triage.models import Action, Comment, Tag

NOW = bindparam("now", type_=Tag.release_at.type)
A_DAY_ON = bindparam("a_day_on", type_=Tag.release_at.type)


def ready(now: datetime) -> Rows:
    """Open promises that can be told, as rows: when each falls due, and who hears it by which channel."""
    columns = select(Promise.id, Promise.due_at, Promise.response_id, Response.identity_id, Promise.channel)
    found: Rows = _ready(columns).params(**_moments(now))
    return found


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "a_day_on": now + timedelta(days=1)}


def whole(promise_id: int) -> Promise:
    """A promise with all that a letter about it reads, in one statement."""
    found: Promise = db.session.scalars(_one(), {"id": promise_id}).one()
    return found


@cache
def _one() -> Any:
    response = joinedload(Promise.response, innerjoin=True)
    return select(Promise).where(Promise.id == bindparam("id")).options(*_read_with(response))


def _read_with(response: Any) -> tuple[Any, ...]:
    return (
        response.joinedload(Response.survey, innerjoin=True).joinedload(Survey.organisation, innerjoin=True),
        response.joinedload(Response.identity),
        response.joinedload(Response.customer),
        joinedload(Promise.who, innerjoin=True),
    )


def still_ready(promise_ids: Sequence[int], now: datetime) -> Sequence[Promise]:
    """Asked again within the transaction that tells them, with all that a letter about them reads."""
    return db.session.scalars(_whole(), {**_moments(now), "ids": promise_ids}).all()


@cache
def _whole() -> Any:
    """Made once: it is asked for each person that is written to."""
    response = contains_eager(Promise.response)
    return (
        _ready(select(Promise))
        .where(Promise.id.in_(bindparam("ids", expanding=True)))
        .options(response.contains_eager(Response.round), *_read_with(response))
        .order_by(Promise.id)
    )


def _ready(of: Any) -> Any:
    joined = of.join(Response, Response.id == Promise.response_id).join(Round, Round.id == Response.round_id)
    return joined.where(Promise.is_open, or_(_settled(NOW), _digested(A_DAY_ON)))


def untold_tags(response_ids: Sequence[int]) -> dict[int, list[Tag]]:
    """response → what was done about its comments and was not told yet, in order, with all that is read of it."""
    found: dict[int, list[Tag]] = {id: [] for id in response_ids}
    for tag in db.session.scalars(_untold(), {"ids": response_ids}):
        found[tag.comment.response_id].append(tag)
    return found


@cache
def _untold() -> Any:
    untold = Tag.told_at.is_(None), Tag.withdrawn_at.is_(None)
    return (
        select(Tag)
        .join(Comment, Comment.id == Tag.comment_id)
        .where(Comment.response_id.in_(bindparam("ids", expanding=True)), *untold)
        .options(
            contains_eager(Tag.comment).joinedload(Comment.answer),
            joinedload(Tag.action, innerjoin=True).joinedload(Action.owner, innerjoin=True),
        )
        .order_by(Comment.id, Tag.id)
    )


def told_in_time(now: datetime) -> ColumnElement[bool]:
    """It can be ended now, or by the time it falls due, when what is still held is released. Of a promise, its response and its round."""
    by = case((Promise.due_at > now, Promise.due_at), else_=now)
    return or_(_settled(by), _digested(literal(now + timedelta(days=1), NOW.type)))


def _settled(by: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Something to tell is released by then, nothing is still held, and no comment waits for a person."""
    return and_(
        _a_tag(Tag.release_at <= by, Tag.told_at.is_(None)),
        ~_a_tag(Tag.release_at > by, Tag.told_at.is_(None)),
        ~exists().where(Comment.response_id == Promise.response_id, ~_tagged_since_reopened()),
    )


def _a_tag(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Comment.response_id == Promise.response_id,
        Tag.comment_id == Comment.id,
        Tag.withdrawn_at.is_(None),
        *conditions,
    )


def _tagged_since_reopened() -> ColumnElement[bool]:
    return exists().where(
        Tag.comment_id == Comment.id,
        Tag.withdrawn_at.is_(None),
        or_(Comment.reopened_at.is_(None), Tag.tagged_at > Comment.reopened_at),
    )


def _digested(a_day_on: ColumnElement[datetime]) -> ColumnElement[bool]:
    """A bare score whose round was answered; or was approved once, and its person cannot wait for a second look."""
    waits = exists().where(LargeStep.round_id == Round.id, LargeStep.decided_at.is_(None))
    answered = or_(Round.approved_at.is_not(None), and_(Promise.due_at <= a_day_on, waits))
    return and_(answered, bare_score())


def bare_score() -> ColumnElement[bool]:
    """A promise about a score without words, whose person has not heard "you said, we did" before."""
    own = aliased(Promise)
    heard = select(Update.id).join(own, own.id == Update.promise_id)
    heard = heard.where(own.response_id == Promise.response_id, Update.how == "digest").correlate(Promise)
    return and_(
        Promise.because.in_(("answer", "no_news", "moved", "progress")),
        ~exists().where(Comment.response_id == Promise.response_id),
        ~heard.exists(),
    )
