"""One line of the inbox: everything it shows, read at once for a whole page.

Columns, not objects: a page of fifty would make some three hundred of these, to look at each once.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Facts
from sqlalchemy import select

from accounts.models import Staff
from core import clock
from core.rows import among, some, these
from customers.models import Customer
from promises.models import Promise
from surveys.models import Survey
from surveys.models_responses import Answer, Response
from triage import standing
from triage.inbox.highlighting import excerpt
from triage.models import Comment, Tag
from triage.models_index import CommentIndex
from triage.themes.models import Theme, comment_theme


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
    escalated: bool
    """It was not solved a second time, or holds a threat: a manager's work."""
    threat: str
    """The kind of threat that stands; empty for nearly all."""
    release_at: datetime | None
    ways: tuple[str, ...]
    """How all those came in that say the same and stand in this line; empty where it was said once."""


def rows(ids: Sequence[int], now: datetime, timezone: str, q: str = "") -> list[Row]:
    """The lines of these comments, in this order; of a long one what stands around the words that were looked for."""
    if not ids:
        return []
    wanted = list(ids)
    found = {f.id: f for f in some(_FACTS, ids=wanted)}
    themes, tags = _by_comment(some(_THEMES, ids=wanted)), _by_comment(some(_TAGS, ids=wanted))
    names = {id: tuple(t.name for t in of_it) for id, of_it in themes.items()}
    calendar = _Calendar(now, timezone)
    return [_row(found[id], names.get(id, ()), tags[id], calendar, q) for id in ids]


class _Calendar:
    """Days as the organisation counts them."""

    def __init__(self, now: datetime, timezone: str) -> None:
        self.now, self._timezone = now, timezone
        self._today = self.day(now)

    def day(self, moment: datetime) -> date:
        return clock.local_date(moment, self._timezone)

    def until(self, day: date) -> int:
        return (day - self._today).days


_FACTS = (
    select(
        Comment.id, Comment.response_id, Comment.emotion, Comment.emotion_theirs, Comment.threat, Comment.threat_cleared_at,
        Comment.reopened_at, Comment.escalated_at, Answer.text, CommentIndex.suggested, CommentIndex.ways, CommentIndex.is_open, CommentIndex.due_at.label("owed_at"), Customer.name, Response.score,
        Survey.title, Survey.language, Staff.name.label("assignee"), Promise.because, Promise.due_at, Promise.due_on,
    )
    .select_from(Comment)
    .outerjoin(Response, Response.id == Comment.response_id)
    .outerjoin(Survey, Survey.id == Response.survey_id)
    .outerjoin(Answer, Answer.id == Comment.answer_id)
    .outerjoin(CommentIndex, CommentIndex.comment_id == Comment.id)
    .outerjoin(Customer, Customer.id == Response.customer_id)
    .outerjoin(Staff, Staff.id == Comment.assignee_id)
    .outerjoin(Promise, (Promise.response_id == Response.id) & Promise.is_open)
    .where(among(Comment.id, these()))
)  # fmt: skip
"""Joined from the comments outward: they have a response and a survey all, but SQLite would begin there and read all of it."""
_THEMES = (
    select(comment_theme.c.comment_id, Theme.name)
    .join(Theme, Theme.id == comment_theme.c.theme_id)
    .where(among(comment_theme.c.comment_id, these()))
    .order_by(Theme.key)
)
_TAGS = select(Tag.comment_id, Tag.tagged_at, Tag.release_at, Tag.told_at, Tag.withdrawn_at).where(
    among(Tag.comment_id, these())
)


def _by_comment(found: Sequence[Facts[Any]]) -> dict[int, list[Facts[Any]]]:
    by_id: dict[int, list[Facts[Any]]] = defaultdict(list)
    for one in found:
        by_id[one.comment_id].append(one)
    return by_id


def _row(
    facts: Facts[Any], themes: tuple[dict[str, str], ...], tags: list[Facts[Any]], calendar: _Calendar, q: str
) -> Row:
    now, due_at = calendar.now, facts.owed_at if facts.ways else facts.due_at
    due_on = due_at and ((due_at == facts.due_at and facts.due_on) or calendar.day(due_at))
    live = standing.live(tags, facts.reopened_at)
    return Row(
        id=facts.id, response_id=facts.response_id, name=facts.name or "", score=facts.score, text=excerpt(facts.text or "", q),
        emotion=facts.emotion, theirs=facts.emotion_theirs, suggested="" if facts.emotion else facts.suggested or "", themes=themes,
        survey=facts.title, survey_language=facts.language, state="open" if facts.is_open and facts.ways else standing.state(live, now), assignee=facts.assignee or "", because=facts.because or "",
        due_on=due_on, days=calendar.until(due_on) if due_on else None, overdue=bool(due_at and now > due_at),
        escalated=facts.escalated_at is not None,
        threat="" if facts.threat_cleared_at else facts.threat or "",
        release_at=max((t.release_at for t in live if t.release_at > now), default=None), ways=tuple((facts.ways or "").split()),
    )  # fmt: skip
