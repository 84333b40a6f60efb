"""What a changed answer sets going: its new words are work, also where the earlier ones were settled, and a word is owed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import audit
from core.db import db
from promises.opening import owe
from surveys import changing
from surveys.changing import Change
from surveys.models import COMMENT_KINDS, Version
from surveys.models_responses import Answer, Response
from surveys.showing import Given
from surveys.unnamed import unnamed
from triage.commenting import comment_on, comments_of
from triage.escalating import assign
from triage.feeling.threatening import heed
from triage.models import EMOTIONS, Comment
from triage.tagging import open_promise_of


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a comment said before; empty words for what they took back."""

    words: str
    said_at: datetime


def change(response: Response, version: Version, answers: Mapping[str, Given], now: datetime) -> bool:
    """Whether anything did. A test is no work; nobody is owed a word who asked for none."""
    with unnamed(response.survey):
        return _change(response, version, answers, now)


def _change(response: Response, version: Version, answers: Mapping[str, Given], now: datetime) -> bool:
    changes = changing.change(response, version, answers, now)
    if changes and not response.is_test:
        _feel(response, changes)
        asks = [_take_words(response, one, now) for one in changes if one.question.kind in COMMENT_KINDS]
        if any(asks):
            _owe(response, now)
    return bool(changes)


def _take_words(response: Response, change: Change, now: datetime) -> bool:
    """Whether a person must look at it who did not have to before."""
    comment, words = _comment(response, change.before), change.after.text or ""
    if not comment:
        return bool(words) and bool(comment_on(response, change.after, now))
    comment.answer = change.after
    if words:
        heed(comment.complaint or comment, words, now)
    return _reopened(comment, now)


def _comment(response: Response, before: Answer | None) -> Comment | None:
    """The one that held the words of before; or a bare score that came back, which has none."""
    comments = comments_of(response)
    held = (c for c in comments if before and c.answer_id == before.id)
    return next(held, next((c for c in comments if c.answer_id is None), None))


def _reopened(comment: Comment, now: datetime) -> bool:
    """What was done about other words may not fit these: a person looks again."""
    if not comment.live_tags:
        return False
    comment.reopened_at = now
    audit.record("comment.reopened", comment, now, because="changed")
    return True


def _owe(response: Response, now: datetime) -> None:
    if response.declined_at or response.history:
        return
    untold = open_promise_of(response)
    owed = owe(response, "answer" if untold and untold.because == "answer" else "reply", now)
    db.session.flush()
    assign(response, owed.who, now)


def _feel(response: Response, changes: list[Change]) -> None:
    """Their own word for how they feel moves with them; what staff decided stays."""
    said = [c.after.text for c in changes if c.question.kind == "emotion"]
    for comment in comments_of(response) if said else ():
        if comment.emotion_theirs or not comment.emotion:
            felt = said[0] if said[0] in EMOTIONS else None
            comment.emotion, comment.emotion_theirs = felt, felt is not None


def earlier(comment: Comment) -> list[Earlier]:
    """What it said before, newest first."""
    now = comment.answer
    if not now or now.version == 1:
        return []
    same = (Answer.response_id == now.response_id) & (Answer.question_id == now.question_id)
    older = select(Answer).where(same, Answer.version < now.version).order_by(Answer.version.desc())
    return [
        Earlier(a.text or "", a.said_at or comment.response.submitted_at) for a in db.session.scalars(older)
    ]
