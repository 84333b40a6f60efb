"""Which promises can be ended now: every comment is settled and released, or the round's digest is approved."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, or_, select

from core.db import Rows, db
from promises.models import Promise, Update
from surveys.models import Response, Round
from triage.models import Comment, Tag

BATCH = 500
NOW = bindparam("now", type_=Tag.release_at.type)


@dataclass(frozen=True, slots=True)
class Ready:
    promise_id: int
    organisation_id: int
    response_id: int
    identity_id: int | None
    due_at: datetime


def ready(now: datetime, only: list[int] | None = None, after: int = 0) -> list[Ready]:
    """Open promises that can be told, in order of their ids; `only` asks again about some of them."""
    some = {"only": only} if only is not None else {"after": after}
    rows = db.session.execute(_query(*some), {"now": now, **some})
    return [Ready(p, o, r, i if channel == "mail" else None, due) for p, o, r, i, channel, due in rows]


@cache
def _query(some: str) -> Rows:
    """Made once: ticks ask for it every other second, and again for each person they write to."""
    which = (
        Promise.id.in_(bindparam("only", expanding=True))
        if some == "only"
        else Promise.id > bindparam("after")
    )
    return (
        select(
            Promise.id,
            Promise.organisation_id,
            Promise.response_id,
            Response.identity_id,
            Promise.channel,
            Promise.due_at,
        )
        .join(Response, Response.id == Promise.response_id)
        .join(Round, Round.id == Response.round_id)
        .where(Promise.is_open, or_(_settled(NOW), _digested()), which)
        .order_by(Promise.id)
        .limit(BATCH)
    )


def told_in_time(now: datetime) -> ColumnElement[bool]:
    """It can be ended now, or by the time it falls due, when what is still held is released. Of a promise, its response and its round."""
    return or_(_settled(case((Promise.due_at > now, Promise.due_at), else_=now)), _digested())


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


def _digested() -> ColumnElement[bool]:
    """A bare score whose round was answered."""
    return and_(Round.approved_at.is_not(None), bare_score())


def bare_score() -> ColumnElement[bool]:
    """A promise about a score without words, whose person has not heard "you said, we did" before."""
    heard = exists().where(Update.promise_id == Promise.id, Update.how == "digest")
    return and_(
        Promise.because.in_(("answer", "no_news", "moved", "progress")),
        ~exists().where(Comment.response_id == Promise.response_id),
        ~heard,
    )
