"""What a running promise still needs is kept, however old it is."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from core import rows
from core.rows import among, these
from outbox.models import WAITING, Message
from promises.models import Promise, Update
from surveys.models_responses import Response


def is_needed(since: datetime) -> ColumnElement[bool]:
    """Of a response: a word is owed about it, is on its way, or was owed until a shorter time ago than it is kept."""
    owed = exists().where(Promise.response_id == Response.id, Promise.ended_at.is_(None))
    lately = exists().where(Promise.response_id == Response.id, Promise.ended_at > since)
    under_way = (
        select(Update.id)
        .join(Promise, Promise.id == Update.promise_id)
        .join(Message, Message.id == Update.message_id)
        .where(Promise.response_id == Response.id, Message.state.in_(WAITING))
    )
    return owed | lately | under_way.correlate(Response).exists()


def carries_what_is_owed() -> ColumnElement[bool]:
    """Of a message: somebody whom it told something is owed a word still."""
    told = (
        select(Update.id)
        .join(_Told, _Told.id == Update.promise_id)
        .join(_Owed, (_Owed.response_id == _Told.response_id) & _Owed.ended_at.is_(None))
        .where(Update.message_id == Message.id)
    )
    return told.correlate(Message).exists()


_Told, _Owed = aliased(Promise), aliased(Promise)


def shared_with_others(messages: Sequence[int], responses: Sequence[int]) -> set[int]:
    """Those of these messages that told something about another answer too, which is kept."""
    return set(rows.ones(_TOLD_OTHERS, ids=list(messages), responses=list(responses)))


_TOLD_OTHERS = (
    select(Update.message_id)
    .join(Promise, Promise.id == Update.promise_id)
    .join(Response, Response.id == Promise.response_id)
    .where(among(Update.message_id, these()), Response.erased_at.is_(None))
    .where(~among(Promise.response_id, these("responses")))
)


def forget_words_of(messages: Sequence[int]) -> None:
    """As they stand on the page of whoever was told; when and how they were told stays."""
    rows.overwrite(Update.message_id, messages, words="")
