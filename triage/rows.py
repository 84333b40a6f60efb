"""One line of the inbox: everything it shows, read at once for a whole page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core import clock
from core.db import db
from promises.models import Promise
from surveys.models import Response
from triage.highlighting import excerpt
from triage.models import Comment, CommentIndex


@dataclass(frozen=True, slots=True)
class Row:
    """`days` until the word is due (negative: late); None when nothing is owed."""

    id: int
    response_id: int
    name: str
    """Empty for somebody without a name."""
    score: int | None
    text: str
    """Empty for a bare score that came back."""
    emotion: str | None
    theirs: bool
    """The emotion is the customer's own word."""
    suggested: str
    """What its words suggest where nobody said it."""
    themes: tuple[dict[str, str], ...]
    survey: dict[str, str]
    survey_language: str
    assignee: str
    state: str
    because: str
    """Why a word is owed: a cause of promises; empty when none is."""
    due_on: date | None
    days: int | None
    overdue: bool
    submitted_on: date
    escalated: bool
    """It was not solved a second time, or holds a threat: a manager's work."""
    threat: str
    """The kind of threat that stands; empty for nearly all."""
    release_at: datetime | None


def rows(ids: Sequence[int], now: datetime, timezone: str, q: str = "") -> list[Row]:
    """The lines of these comments, in this order; of a long one what stands around the words that were looked for."""
    found = {c.id: c for c in db.session.scalars(select(Comment).where(Comment.id.in_(ids)).options(*_ALL))}
    owed, guesses = _owed({c.response_id for c in found.values()}), _suggested(found.values())
    return [
        _row(found[id], owed.get(found[id].response_id), guesses.get(id, ""), now, timezone, q) for id in ids
    ]


_ALL = (
    joinedload(Comment.answer),
    joinedload(Comment.assignee),
    joinedload(Comment.response).joinedload(Response.customer),
    joinedload(Comment.response).joinedload(Response.survey),
    selectinload(Comment.themes),
    selectinload(Comment.tags),
)


def _owed(response_ids: set[int]) -> dict[int, Promise]:
    found = db.session.scalars(select(Promise).where(Promise.response_id.in_(response_ids), Promise.is_open))
    return {p.response_id: p for p in found}


def _suggested(comments: Iterable[Comment]) -> dict[int, str]:
    """What the words suggest of those of which nobody said it."""
    unsaid = [c.id for c in comments if c.emotion is None]
    line = select(CommentIndex.comment_id, CommentIndex.suggested).where(CommentIndex.comment_id.in_(unsaid))
    return {id: guess for id, guess in db.session.execute(line) if guess} if unsaid else {}


def _row(comment: Comment, promise: Promise | None, guess: str, now: datetime, timezone: str, q: str) -> Row:
    response, today = comment.response, clock.local_date(now, timezone)
    due_on = (promise.due_on or clock.local_date(promise.due_at, timezone)) if promise else None
    return Row(
        id=comment.id, response_id=response.id, name=response.customer.name if response.customer else "", score=response.score,
        text=excerpt(comment.text, q), emotion=comment.emotion, theirs=comment.emotion_theirs, suggested=guess, themes=tuple(t.name for t in comment.themes),
        survey=response.survey.title, survey_language=response.survey.language, state=comment.state(now),
        assignee=comment.assignee.name if comment.assignee else "", because=promise.because if promise else "",
        due_on=due_on, days=(due_on - today).days if due_on else None, overdue=bool(promise and promise.is_late(now)),
        submitted_on=clock.local_date(response.submitted_at, timezone),
        escalated=comment.escalated_at is not None, threat=comment.threatens,
        release_at=max((t.release_at for t in comment.live_tags if t.release_at > now), default=None),
    )  # fmt: skip
