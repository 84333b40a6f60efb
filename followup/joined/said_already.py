"""What one person was told already, at one address, about what stands on the desk as one: asked of rows, whatever the order of things."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import db
from followup.models import CheckBack, Told
from outbox.models import LOST, Message
from promises.models import Promise, Update
from promises.standing import carries
from surveys.models_responses import Response
from triage.models import Action, Comment, Tag


def said_before(promise: Promise, tags: Sequence[Tag]) -> dict[Tag, Update]:
    """tag → the update that told just this at the same address, since this answer came in, about what stands as one with its comment."""
    joined = [t for t in tags if t.comment.complaint_id]
    if not joined:
        return {}
    told = {
        _key(id, one.action_id, one.kind, one.due_on): update for id, one, update in _told(promise, joined)
    }
    return {t: told[key] for t in joined if (key := _of_tag(t)) in told}


def _told(promise: Promise, tags: Iterable[Tag]) -> Iterable[tuple[int, Told, Update]]:
    mine = promise.response
    query = (
        select(Comment.complaint_id, Told, Update)
        .select_from(Comment)
        .join(Tag, Tag.comment_id == Comment.id)
        .join(Told, Told.tag_id == Tag.id)
        .join(Update, Update.id == Told.update_id)
        .join(Promise, Promise.id == Update.promise_id)
        .join(Response, Response.id == Promise.response_id)
        .join(Message, carries(Update))
        .where(Comment.complaint_id.in_({t.comment.complaint_id for t in tags}), Response.id != mine.id)
        .where(Response.identity_id == mine.identity_id, Update.channel == promise.channel)
        .where(Update.composed_at >= mine.submitted_at, Message.state.not_in((*LOST, "cancelled")))
        .order_by(Told.id)
    )
    return [(id, told, update) for id, told, update in db.session.execute(query) if id]


def no_news_already(promise: Promise, following: Promise, now: datetime) -> Message | None:
    """The message that says to the same address today that there is no news about the same complaint, and when there is."""
    mine, after = promise.response, aliased(Promise)
    if promise.channel == "page" or not mine.identity_id:
        return None
    zone = mine.survey.organisation.timezone
    today = clock.at(clock.local_date(now, zone), time.min, zone)
    said = _about_the_same(mine, after).where(
        Update.how == "no_news", Update.channel == promise.channel, Update.composed_at >= today
    )
    said = said.where(after.due_at == following.due_at, Message.state.not_in((*LOST, "cancelled")))
    return db.session.scalar(said.order_by(Message.id.desc()).limit(1))


def _about_the_same(mine: Response, after: Any) -> Select[Message]:
    """The messages to the same address about other answers to the same complaints; `after`: what each of them announced."""
    other = aliased(Comment)
    complaints = select(Comment.complaint_id).where(
        Comment.response_id == mine.id, Comment.complaint_id.is_not(None)
    )
    return (
        select(Message)
        .join(Update, carries(Update))
        .join(Promise, Promise.id == Update.promise_id)
        .join(after, after.predecessor_id == Promise.id)
        .join(Response, Response.id == Promise.response_id)
        .join(other, other.response_id == Response.id)
        .where(
            other.complaint_id.in_(complaints),
            Response.id != mine.id,
            Response.identity_id == mine.identity_id,
        )
    )


def asked_already(response: Response, actions: Sequence[Action]) -> Message | None:
    """The message that asked the same address whether each of these helped, about the same complaint."""
    other, ids = aliased(Comment), {a.id for a in actions}
    complaints = select(Comment.complaint_id).where(
        Comment.response_id == response.id, Comment.complaint_id.is_not(None)
    )
    asked = (
        select(CheckBack.action_id, Message)
        .join(Message, Message.id == CheckBack.message_id)
        .join(Response, Response.id == CheckBack.response_id)
        .join(other, other.response_id == Response.id)
        .where(other.complaint_id.in_(complaints), Response.id != response.id)
        .where(Response.identity_id == response.identity_id, CheckBack.action_id.in_(ids))
        .where(Message.state.not_in((*LOST, "cancelled")))
        .order_by(CheckBack.id)
    )
    found = dict(db.session.execute(asked).all())
    return found[max(ids)] if found.keys() == ids else None


def _key(*parts: object) -> tuple[object, ...]:
    return parts


def _of_tag(tag: Tag) -> tuple[object, ...]:
    return _key(tag.comment.complaint_id, tag.action_id, tag.action.kind, tag.action.day)
