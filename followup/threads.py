"""The conversation that a letter goes on with: what they wrote back last, and by what their mail program knows it again."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock
from core.db import db
from followup.models_replies import Reply
from outbox.incoming.models import IncomingMessage
from promises.models import Promise, Update
from surveys.models_responses import Response

ANSWERS = re.compile(r"^((re|antw?|aw|sv|r[ée]f|tr|fwd?|wg|doorst)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a letter answers. `refused`: (name, why) of attachments that we could not take in, and they do not know it yet."""

    reply_id: int
    words: str
    wrote_on: date
    subject: str
    thread: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        """RFC 5322 §3.6.4"""
        return {"In-Reply-To": self.thread[-1], "References": " ".join(self.thread)} if self.thread else {}


def answering(response: Response) -> Answered | None:
    """The last mail of theirs that nothing was told after; None when there is none."""
    later = (
        select(Update.id)
        .join(Promise, Promise.id == Update.promise_id)
        .where(
            Promise.response_id == Reply.response_id,
            Update.kind == "ending",
            Update.composed_at > Reply.came_at,
        )
    )
    whole = joinedload(Reply.incoming).selectinload(IncomingMessage.files)
    theirs = select(Reply).where(Reply.response_id == response.id, Reply.stopped.is_(False), ~later.exists())
    reply = db.session.scalar(theirs.order_by(Reply.id.desc()).limit(1).options(whole))
    return _answered(reply, response) if reply else None


def _answered(reply: Reply, response: Response) -> Answered:
    came = reply.incoming
    return Answered(
        reply.id, came.text, clock.local_date(reply.came_at, response.survey.organisation.timezone),
        f"Re: {subject}" if (subject := ANSWERS.sub("", came.subject)) else "", tuple(came.thread), _refused(response),
    )  # fmt: skip


def _refused(response: Response) -> tuple[tuple[str, str], ...]:
    """Of all mails about this answer, since they last heard of it."""
    untold = select(Reply).where(Reply.response_id == response.id, Reply.refusals_told_at.is_(None))
    whole = joinedload(Reply.incoming).selectinload(IncomingMessage.files)
    replies = db.session.scalars(untold.order_by(Reply.id).options(whole))
    return tuple((f.name, f.refused) for r in replies for f in r.incoming.files if f.refused)


def answering_after(response: Response, reopened: Collection[datetime | None]) -> Answered | None:
    """As `answering`, asked only where something of theirs came back: most letters answer no mail."""
    return answering(response) if any(reopened) else None


def refusals_are_told(answered: Answered, now: datetime) -> None:
    """By the letter that is being queued."""
    response_id = select(Reply.response_id).where(Reply.id == answered.reply_id).scalar_subquery()
    untold = select(Reply).where(Reply.response_id == response_id, Reply.refusals_told_at.is_(None))
    for reply in db.session.scalars(untold):
        reply.refusals_told_at = now
