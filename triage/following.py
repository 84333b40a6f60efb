"""The line by which a comment is found follows its facts: whatever a session writes, it is made again before the commit."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, UOWTransaction

from core.db import db
from core.rows import WRITTEN, among
from promises.models import Promise
from surveys.models_responses import Answer, Response
from triage.indexing import index, restate, restate_all_of
from triage.models import Comment, Tag

COMMENTS, TAGGED, RESPONSES, OWED = "comments to index", "tagged", "responses to index", "owed"
"""Where a session keeps the ids of what it changed: everything about it, or only what it is owed and was done."""


def later(ids: Iterable[int]) -> None:
    """What was written past the session: to be restated before it commits."""
    db.session.info.setdefault(TAGGED, set()).update(ids)


def anew(comment_id: int) -> None:
    """A comment that was written past the session with more than its words: all of its line is made before it commits."""
    db.session.info.setdefault(COMMENTS, set()).add(comment_id)


@event.listens_for(db.session, "after_flush")
def _remember(session: Session, _context: UOWTransaction) -> None:
    for one in (*session.new, *session.dirty):
        _note(session, one, new=one in session.new)


def _note(session: Session, one: Any, *, new: bool) -> None:
    kept, number = _changed(one, new=new)
    if kept:
        session.info.setdefault(kept, set()).add(number)


def _changed(one: Any, *, new: bool) -> tuple[str, int]:
    """Where its number is kept; empty for what makes no difference."""
    if isinstance(one, Comment):
        return COMMENTS, one.id
    if isinstance(one, Tag):
        return TAGGED, one.comment_id
    if isinstance(one, Promise):
        return OWED, one.response_id
    if isinstance(one, Response | Answer) and not new:
        return RESPONSES, one.id if isinstance(one, Response) else one.response_id
    return "", 0


@event.listens_for(db.session, "before_commit")
def _follow(session: Session) -> None:
    session.flush()
    for one in session.info.pop(WRITTEN, ()):
        _note(session, one, new=True)
    anew = session.info.pop(COMMENTS, set()) | _of(session.info.pop(RESPONSES, set()))
    index(anew)
    restate(session.info.pop(TAGGED, set()) - anew)
    restate_all_of(session.info.pop(OWED, set()))


def _of(responses: set[int]) -> set[int]:
    if not responses:
        return set()
    return set(db.session.scalars(select(Comment.id).where(among(Comment.response_id, responses))))


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    for kept in (COMMENTS, TAGGED, RESPONSES, OWED, WRITTEN):
        session.info.pop(kept, None)
