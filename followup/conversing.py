"""What a respondent and we wrote to each other after their answer: what they were told, what they said to it, and their mails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.db import db
from followup.models import Verdict
from followup.models_replies import Reply
from outbox.incoming.models import Attachment, IncomingMessage
from promises.models import Promise, Update
from surveys.models_responses import Response


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was written. `ours`: by us; then `who` is a colleague, else the name in the mail, or nothing."""

    ours: bool
    who: str
    words: str
    at: datetime
    files: Sequence[Attachment] = ()
    remarks: Sequence[Sequence[str]] = ()
    stopped: bool = False
    """It was taken for a machine that answers."""
    elsewhere: str = ""
    """The address it came from, where that is not the one we wrote to."""
    incoming_id: int = 0
    laid: bool = False
    """A colleague laid it with the answer: it answers none of our messages."""


def replies_to(response: Response) -> list[Reply]:
    whole = joinedload(Reply.incoming).selectinload(IncomingMessage.files)
    theirs = select(Reply).where(Reply.response_id == response.id).order_by(Reply.id)
    return list(db.session.scalars(theirs.options(whole)))


def conversation(response: Response) -> list[Turn]:
    """Oldest first; nothing as long as they wrote no mail."""
    replies = replies_to(response)
    if not replies:
        return []
    turns = [*map(wrote_back, replies), *_told(response), *_said(response)]
    return sorted(turns, key=lambda turn: turn.at)


def conversation_about(responses: Sequence[Response]) -> list[Turn]:
    """Of several answers that stand on the desk as one: what was said about any of them; what one message told, once."""
    if len(responses) < 2:
        return conversation(responses[0])
    turns = [turn for one in responses for turn in conversation(one) or _said(one)]
    once = {(turn.ours, turn.words, turn.incoming_id): turn for turn in turns}
    return sorted(once.values(), key=lambda turn: turn.at)


def wrote_back(reply: Reply) -> Turn:
    came, identity = reply.incoming, reply.response.identity
    known = not identity or not came.sender or came.sender.casefold() == identity.value.casefold()
    return Turn(
        False, came.sender_name or came.sender, came.text, reply.came_at, tuple(came.files), tuple(came.remarks), reply.stopped,
        "" if known else came.sender, came.id, came.message_id is None,
    )  # fmt: skip


def _told(response: Response) -> Iterator[Turn]:
    endings = (
        select(Update)
        .join(Promise, Promise.id == Update.promise_id)
        .where(Promise.response_id == response.id, Update.words != "")
    )
    told = endings.where(Update.kind == "ending").options(
        joinedload(Update.promise).joinedload(Promise.who), selectinload(Update.message)
    )
    for update in db.session.scalars(told):
        at = (update.message and update.message.sent_at) or update.composed_at
        yield Turn(ours=True, who=_signed_by(update), words=update.words, at=at)


def _signed_by(update: Update) -> str:
    """Whose name stood above the mail: whoever wrote it, who need not be who promised it."""
    signed = update.message.sender_name.partition(" · ")[0] if update.message else ""
    return signed or update.promise.who.name


def _said(response: Response) -> Iterator[Turn]:
    said = select(Verdict).where(Verdict.response_id == response.id, Verdict.words != "")
    for verdict in db.session.scalars(said):
        yield Turn(False, "", verdict.words, verdict.created_at)
