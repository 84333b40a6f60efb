"""Put back a row that is gone: what it said is read from the rows that are left.

A message that was tried is not written again: who was told cannot be proved any more, and the ledger says
so until a person decides.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from core import audit
from core.db import db
from core.links import keyed_hash
from core.text import search_key
from followup.composing import as_told
from followup.rewriting import written_again
from outbox.models import Attempt, Message
from outbox.queries import tries_left
from promises.ending import announce, conclude
from promises.models import GOES_ON, Promise, Update
from promises.opening import due, first_due, open_promise
from promises.standing import standing_sql
from surveys.models import COMMENT_KINDS, Question
from surveys.models_responses import Answer, Response
from triage import indexing
from triage.commenting import comment_on, comments_of
from triage.models import Comment

NEWEST = 10_000
"""So many comments are compared with the index in a sweep."""


def lost_comments() -> Sequence[int]:
    """Answers in the customer's own words that are on nobody's desk."""
    query = (
        select(Answer.id)
        .join(Question, Question.id == Answer.question_id)
        .join(Response, Response.id == Answer.response_id)
        .outerjoin(Comment, Comment.answer_id == Answer.id)
        .where(
            Comment.id.is_(None),
            ~_replaced(),
            Question.kind.in_(COMMENT_KINDS),
            func.coalesce(Answer.text, "") != "",
        )
        .where(~Response.is_test, ~Response.history, Response.erased_at.is_(None))
    )
    return db.session.scalars(query).all()


def _replaced() -> ColumnElement[bool]:
    """They said something else since: their comment holds that."""
    later = aliased(Answer)
    same = (later.response_id == Answer.response_id) & (later.question_id == Answer.question_id)
    return exists().where(same, later.version > Answer.version)


def restore_comment(answer_id: int, now: datetime) -> bool:
    answer = db.session.get_one(Answer, answer_id)
    comment = db.session.get_one(Comment, comment_on(answer.response, answer, now))
    audit.record("sweep.comment", comment, now)
    return True


def lines_astray() -> Sequence[int]:
    """Of the newest comments: what is found wrongly for long is found out here."""
    return indexing.astray(NEWEST)


def restore_line(comment_id: int, _now: datetime) -> bool:
    indexing.index([comment_id])
    return True


def lost_promises() -> Sequence[int]:
    """Responses that are owed a word by nobody."""
    rows = standing_sql().subquery()
    query = select(rows.c.response_id).where(rows.c.state == "missing", rows.c.promise_id.is_(None))
    return db.session.scalars(query).all()


def restore_promise(response_id: int, now: datetime) -> bool:
    """With the date that was promised when they answered."""
    response = db.session.get_one(Response, response_id)
    open_promise(response, "answer", *first_due(response, response.received_at), now)
    audit.record("sweep.promise", response, now)
    return True


def lost_successors() -> Sequence[int]:
    """Promises that ended with the next date, of which the next promise is not there."""
    next_one = aliased(Promise)
    query = (
        select(Promise.id)
        .outerjoin(next_one, next_one.predecessor_id == Promise.id)
        .outerjoin(Update, and_(Update.promise_id == Promise.id, Update.kind == "ending"))
        .where(next_one.id.is_(None), or_(Promise.ended_as == "moved", Update.how.in_(GOES_ON)))
    )
    return db.session.scalars(query).all()


def restore_successor(promise_id: int, now: datetime) -> bool:
    """From today on: the date that was said is gone with the row."""
    promise = db.session.get_one(Promise, promise_id)
    hows = [u.how for u in promise.updates if u.kind == "ending"]
    because = "moved" if promise.ended_as == "moved" else hows[0]
    when = due(promise.response.survey, now)
    open_promise(promise.response, because, *when, now, kind=promise.kind, predecessor=promise)
    audit.record("sweep.promise", promise.response, now)
    return True


def lost_endings() -> Sequence[int]:
    """Promises that were told, without the row that says how."""
    ending = select(Update.id).where(Update.promise_id == Promise.id, Update.kind == "ending").exists()
    return db.session.scalars(select(Promise.id).where(Promise.ended_as == "told", ~ending)).all()


def restore_ending(promise_id: int, now: datetime) -> bool:
    """Found by the moment at which it was composed; where its mail cannot be found it stays missing."""
    promise = db.session.get_one(Promise, promise_id)
    message = _sent_with(promise)
    if promise.channel != "page" and promise.response.identity and not message:
        return False
    tags = [t for c in comments_of(promise.response) for t in c.tags if t.told_at == promise.ended_at]
    how, words = as_told(promise, tags, now)
    conclude(promise, "no_news" if _went_on(promise) and not tags else how, message, words, now)
    audit.record("sweep.ending", promise, now)
    return True


def _sent_with(promise: Promise) -> Message | None:
    identity = promise.response.identity
    if not identity:
        return None
    same = and_(
        Message.organisation_id == promise.organisation_id,
        Message.recipient_key == keyed_hash(search_key(identity.value)),
        Message.created_at == promise.ended_at,
    )
    taken = select(Update.id).where(Update.message_id == Message.id, Update.kind == "ending").exists()
    found = select(Message).where(same, Message.kind != "receipt").order_by(taken, Message.id)
    return db.session.scalars(found.limit(1)).first()


def _went_on(promise: Promise) -> bool:
    return db.session.scalar(select(Promise.id).where(Promise.predecessor_id == promise.id)) is not None


def lost_receipts() -> Sequence[int]:
    """Promises that were announced by the message of an ending, their own or that of the one before."""
    receipt = select(Update.id).where(Update.promise_id == Promise.id, Update.kind == "receipt").exists()
    told = select(Update.id).where(_announced_by(Promise.id, Promise.predecessor_id)).exists()
    return db.session.scalars(select(Promise.id).where(told, ~receipt)).all()


def restore_receipt(promise_id: int, now: datetime) -> bool:
    promise = db.session.get_one(Promise, promise_id)
    by = select(Update).where(_announced_by(promise.id, promise.predecessor_id)).order_by(Update.id)
    announce(promise, db.session.scalars(by).all()[0].message, "", now)
    audit.record("sweep.receipt", promise, now)
    return True


def _announced_by(promise_id: Any, predecessor_id: Any) -> ColumnElement[bool]:
    return and_(
        Update.kind == "ending", or_(Update.promise_id == promise_id, Update.promise_id == predecessor_id)
    )


def lost_messages() -> Sequence[str]:
    """Keys of messages whose row is gone and that nobody ever tried to deliver."""
    return db.session.scalars(_untried()).all()


def _untried() -> Select[str]:
    return (
        select(func.distinct(Update.message_key))
        .outerjoin(Message, Message.id == Update.message_id)
        .where(Update.channel != "page", Message.id.is_(None))
        .where(~select(Attempt.id).where(tries_left(Update.message_id, Update.message_key)).exists())
    )


def restore_message(key: str, now: datetime) -> bool:
    """One message for all the updates it carried, as before."""
    updates = db.session.scalars(select(Update).where(Update.message_key == key).order_by(Update.id)).all()
    identity = updates[0].promise.response.identity if updates else None
    if not identity:
        return False
    message = written_again(updates, identity, now)
    for update in updates:
        update.message, update.message_key = message, message.key
    audit.record("sweep.message", updates[-1], now)
    return True
