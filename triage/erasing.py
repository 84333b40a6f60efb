"""What stands with the comments of somebody who was erased is forgotten; which action answered them stays a count."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, text, update

from core import rows
from core.db import UTCDateTime, db
from core.models import Event
from core.rows import among, these
from triage import indexing
from triage.models import Action, Comment, Tag
from triage.models_notes import Note
from triage.writing import overruling

GONE = "–"
"""Where a text may not be empty."""


def comments_of(responses: Sequence[int]) -> tuple[int, ...]:
    return tuple(rows.ones(_COMMENTS, ids=list(responses)))


def passed_on(comments: Sequence[int]) -> set[datetime]:
    """When their words were mailed to a colleague, as a compliment."""
    return {found.passed_on_at for found in rows.some(_PASSED_ON, ids=list(comments))}


_COMMENTS = select(Comment.id).where(among(Comment.response_id, these())).order_by(Comment.id)
_tagged = among(Tag.comment_id, these())
_PASSED_ON = select(Tag.passed_on_at).where(_tagged, Tag.passed_on_at.is_not(None))
_UNTOLD = (
    update(Tag)
    .where(_tagged, Tag.told_at.is_(None), Tag.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("at", type_=UTCDateTime()))
)


def forget(comments: Sequence[int], now: datetime) -> None:
    """A tag that was not told is withdrawn: nobody is there to be told."""
    rows.overwrite(Tag.comment_id, comments, personal="", part="")
    rows.run(_UNTOLD, ids=list(comments), at=now)
    rows.overwrite(Note.comment_id, comments, text="")
    rows.overwrite(Comment.id, comments, threat=None, threat_at=None, threat_cleared_at=None)
    for action in db.session.scalars(select(Action).where(among(Action.comment_id, comments))).all():
        _forget_message(action)
    _forget_reasons("comment", comments)
    db.session.flush()
    indexing.forget(comments)


def _forget_message(action: Action) -> None:
    """It was written to this person alone."""
    action.title, action.reason, action.overrule = GONE, GONE if action.reason else "", ""
    action.public_note = dict.fromkeys(action.public_note, GONE)
    action.waiting_for = dict.fromkeys(action.waiting_for, GONE)
    _forget_reasons("action", [action.id])


def _forget_reasons(subject: str, ids: Sequence[int]) -> None:
    """Why words were kept, or a step refused, in words of a colleague that may name them: who and when stays."""
    said = Event.verb.in_((overruling.VERB, "comment.refused")), Event.subject_type == subject
    change = update(Event).where(*said, among(Event.subject_id, ids)).values(detail={})
    db.session.execute(change.execution_options(synchronize_session=False))


def compact() -> None:
    """The words leave the segments of the full-text index too, which only marks what is deleted. Inside `writing()`."""
    if db.engine.dialect.name == "sqlite":
        for words in ("comment_words", "comment_words_open"):
            db.session.execute(text(f"INSERT INTO {words}({words}) VALUES ('optimize')"))  # noqa: S608 - our own names
