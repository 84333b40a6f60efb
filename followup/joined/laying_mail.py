"""A mail that answers none of our messages, and says what a comment of its sender says: a colleague lays it with that.

Anybody can write any sender, so nothing is done by itself: somebody reads both. From then on it is a reply like any other:
it lies in the conversation, the next letter answers it, and a word is owed where nothing was told since it came in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, select

from core import audit
from core.access import own
from core.db import db
from core.errors import Conflict, DomainError
from customers.merging import ids_of
from customers.models import Identity
from followup.models_replies import Reply
from followup.replies import open_again, words_key
from outbox.incoming.models import IncomingMessage
from promises.models import Promise, Update
from surveys.models_responses import Response
from triage.commenting import comments_of, on_the_desk
from triage.feeling.threatening import heed
from triage.joining import members, refuse_unfit
from triage.likeness import Likeness, likeness
from triage.models import Comment

LOOKED_AT = 20
"""Mails of one person, the newest, that are held against what they said."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One that says the same as the comment on the desk."""

    came: IncomingMessage
    alike: Likeness


def mails_alike(comment: Comment) -> list[Mail]:
    """Mails from an address of theirs that lie nowhere yet, within the days of the survey, in words that are alike; oldest first."""
    response = comment.response
    if not response.customer or response.survey.anonymous or not response.is_sound:
        return []
    days = timedelta(days=response.survey.joins_within)
    around = IncomingMessage.received_at.between(response.submitted_at - days, response.submitted_at + days)
    theirs = own(IncomingMessage).where(
        _lies_nowhere(), IncomingMessage.sender.in_(_addresses(response)), around
    )
    newest = theirs.order_by(IncomingMessage.id.desc()).limit(LOOKED_AT)
    texts = [c.text for c in members(comment)]
    found = [Mail(came, _likest(texts, came)) for came in db.session.scalars(newest)]
    return [mail for mail in reversed(found) if mail.alike.same]


def _lies_nowhere() -> ColumnElement[bool]:
    return (IncomingMessage.outcome == "unmatched") & IncomingMessage.kind.in_(("reply", "other"))


def _addresses(response: Response) -> set[str]:
    """As they were given, and as they are compared."""
    if not response.customer:
        return set()
    mine = Identity.customer_id.in_(ids_of(response.customer)), Identity.kind == "mail"
    return {
        text for row in db.session.execute(select(Identity.value, Identity.key).where(*mine)) for text in row
    }


def _likest(texts: Sequence[str], came: IncomingMessage) -> Likeness:
    return max((likeness(f"{came.subject}\n{came.text}", text) for text in texts), key=lambda one: one.share)


def lay(comment: Comment, came: IncomingMessage, now: datetime) -> Reply:
    """With the answer of the comment. Conflict where somebody laid it meanwhile; DomainError for a mail of somebody else."""
    response = comment.response
    refuse_unfit(comment)
    db.session.refresh(came, with_for_update=True)
    if came.outcome != "unmatched":
        raise Conflict(_("This mail was laid with an answer already, or is gone."))
    if came.sender not in _addresses(response):
        raise DomainError(_("This mail does not come from an address of theirs."))
    came.outcome = "attached"
    reply = Reply(
        organisation_id=response.organisation_id, incoming=came, response=response, came_at=came.received_at, words_key=words_key(came), stopped=False
    )  # fmt: skip
    db.session.add(reply)
    audit.record("response.mail_laid", response, now, incoming=came.id)
    _open(response, came, now)
    return reply


def _open(response: Response, came: IncomingMessage, now: datetime) -> None:
    """What was told after it came in answered it too; who was told before it wrote back; else they wait already."""
    if _told(response, Update.composed_at > came.received_at):
        return
    if _told(response, Update.composed_at <= came.received_at):
        open_again(response, came.text, now)
        return
    for comment in comments_of(response):
        if not any(t.tagged_at <= came.received_at for t in comment.live_tags):
            comment.reopened_at = came.received_at
    for comment in on_the_desk(response):
        heed(comment, came.text, now)


def _told(response: Response, when: ColumnElement[bool]) -> bool:
    ending = exists().where(Update.promise_id == Promise.id, Update.kind == "ending", when)
    told = select(Promise.id).where(Promise.response_id == response.id, ending)
    return db.session.scalar(told.limit(1)) is not None


def take_off(came: IncomingMessage, now: datetime) -> Response:
    """It lies nowhere again. Conflict where that was done already, or where it answers a message of ours."""
    db.session.refresh(came, with_for_update=True)
    reply = db.session.scalar(select(Reply).where(Reply.incoming_id == came.id))
    if came.message_id or not reply:
        raise Conflict(_("This mail lies with no answer, or it answers a message of ours and stays with it."))
    response = reply.response
    for comment in comments_of(response):
        if comment.reopened_at == came.received_at:
            comment.reopened_at = None
    db.session.delete(reply)
    came.outcome = "unmatched"
    audit.record("response.mail_taken_off", response, now, incoming=came.id)
    return response
