"""What lies with an answer whose time is over and leads to whoever gave it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, String, cast, exists, literal, update

from core import rows
from core.rows import among, these
from followup.models_replies import Reply
from followup.rewards.models import RewardCode
from outbox.incoming.models import IncomingMessage
from promises.models import Promise


def answers_what_is_owed() -> ColumnElement[bool]:
    """Of mail that came in: it lies with an answer about which a word is owed."""
    owed = exists().where(
        Reply.incoming_id == IncomingMessage.id, Promise.response_id == Reply.response_id, Promise.ended_at.is_(None)
    )  # fmt: skip
    return owed.correlate(IncomingMessage)


def untie_codes(responses: Sequence[int]) -> None:
    """A code that was given stays given; from then on it is the answer's, and says of no two that one person gave them."""
    rows.run(_UNTIED, ids=list(responses))


_UNTIED = (
    update(RewardCode)
    .where(among(RewardCode.response_id, these()))
    .values(person=literal("r").concat(cast(RewardCode.response_id, String)))
)


def forget_reply_marks(incoming: Sequence[int]) -> None:
    """By which the same words would be known again."""
    rows.overwrite(Reply.incoming_id, incoming, words_key="")
