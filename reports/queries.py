"""From rows to figures: scores, themes, and the words of customers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, true
from sqlalchemy.orm import aliased

from core import clock
from core.db import Rows, db
from core.rows import among
from followup.deeds import deed
from promises.ledger import Scope
from promises.paging import later, since
from reports.figures import Answered, Month, Satisfaction, Theme, Verbatim
from reports.period import Period, month_starts
from reports.themes import trends
from surveys.models import SCALE_KINDS, Question, Round, Version
from surveys.models_responses import Answer, Response
from triage.models import Action, Comment, Tag
from triage.themes.models import Theme as ThemeRow
from triage.themes.models import comment_theme

SCALE = range(1, 6)
NEWEST_PER_SCORE = 60
THEME_ACTIONS = 4
BATCH = 500
CONSENT = "quote"
Said = Row[*tuple[Any, ...]]
said = aliased(Answer)


def satisfaction(period: Period) -> Satisfaction:
    return Satisfaction(_scores(period), _scores(period.before()), _months(period))


def _scores(period: Period) -> tuple[int, ...]:
    query = select(Response.score, func.count()).where(*_of_satisfaction(period)).group_by(Response.score)
    counts = {score: n for score, n in db.session.execute(period.scope.within(query)).all()}  # noqa: C416 - rows, not pairs
    return tuple(counts.get(score, 0) for score in SCALE)


def _of_satisfaction(period: Period) -> tuple[Any, ...]:
    """A 4 says something else where the first scale of the survey is another one."""
    versions = db.session.scalars(select(Version).where(Version.survey_id == period.survey.id))
    asked = [v.id for v in versions if _scale(v) == "csat"]
    return Response.is_sound, Response.score.in_(SCALE), Response.version_id.in_(asked)


def _scale(version: Version) -> str:
    return next((q.kind for q in version.questions if q.kind in SCALE_KINDS), "")


def _months(period: Period) -> tuple[Month, ...]:
    """The last twelve calendar months up to the end of the period, those without answers too."""
    firsts = month_starts(period.last)
    query = (
        select(Round.starts_on, Response.score, func.count())
        .join(Round, Round.id == Response.round_id)
        .where(
            Response.survey_id == period.survey.id,
            *_of_satisfaction(period),
            *period.scope.of_whom(),
            Round.starts_on >= firsts[0],
            Response.submitted_at < period.scope.until,
        )
        .group_by(Round.starts_on, Response.score)
    )
    counts = {(first, score): n for first, score, n in db.session.execute(query)}
    return tuple(Month(first, tuple(counts.get((first, score), 0) for score in SCALE)) for first in firsts)


def themes(period: Period, language: str) -> tuple[Theme, ...]:
    """What comments were about, most mentioned first."""
    now, then, done = _about(period), _about(period.before()), _done(period)
    counts = {row.id: (n, then[row.id][1] if row.id in then else 0) for row, n, _mean in now.values()}
    trend = trends(counts, comments(period), comments(period.before()))
    return tuple(
        Theme(
            _name(row, language), n, float(mean) if mean is not None else None, _answered(done[row.id], period, language),
            counts[row.id][1], trend.get(row.id), row.key,
        )
        for row, n, mean in now.values()
    )  # fmt: skip


_COMPLAINTS = func.count(func.coalesce(Comment.complaint_id, Comment.id).distinct())
"""What was said in several ways, and handled as one, counts as one."""


def _about(period: Period) -> dict[int, tuple[ThemeRow, int, float | None]]:
    """theme → how many comments were about it, and their mean score"""
    query = (
        select(ThemeRow, _COMPLAINTS, func.avg(Response.score))
        .join(comment_theme, comment_theme.c.theme_id == ThemeRow.id)
        .join(Comment, Comment.id == comment_theme.c.comment_id)
        .join(Response, Response.id == Comment.response_id)
        .where(Response.is_sound)
        .group_by(ThemeRow.id)
        .order_by(_COMPLAINTS.desc(), ThemeRow.key)
    )
    return {row.id: (row, n, mean) for row, n, mean in db.session.execute(period.scope.within(query))}


def _name(theme: ThemeRow, language: str) -> str:
    return theme.name.get(language) or next(iter(theme.name.values()), theme.key)


def _done(period: Period) -> dict[int, list[Action]]:
    """theme → the actions its comments were tagged with, the most used first; what was written to one person stands nowhere else."""
    query = (
        select(comment_theme.c.theme_id, Action)
        .join(Comment, Comment.id == comment_theme.c.comment_id)
        .join(Response, Response.id == Comment.response_id)
        .join(Tag, Tag.comment_id == Comment.id)
        .join(Action, Action.id == Tag.action_id)
        .where(Tag.withdrawn_at.is_(None), Action.withdrawn_at.is_(None), Tag.release_at <= period.as_of)
        .where(Action.comment_id.is_(None))
        .group_by(comment_theme.c.theme_id, Action.id)
        .order_by(func.count(Tag.id).desc(), Action.id)
    )
    found: dict[int, list[Action]] = defaultdict(list)
    for theme_id, action in db.session.execute(period.scope.within(query)):
        found[theme_id].append(action)
    return found


def _answered(actions: list[Action], period: Period, language: str) -> tuple[Answered, ...]:
    told = [(deed(a, language, period.survey.language), a) for a in actions[:THEME_ACTIONS]]
    return tuple(Answered(d.kind, d.words, a.done_on or a.due_on) for d, a in told)


def newest_verbatims(period: Period) -> list[Verbatim]:
    """The newest comments of each score that was given: enough to choose from, whatever the period holds."""
    given = period.scope.within(select(Response.score).distinct())
    scores = sorted(db.session.scalars(given), key=lambda score: (score is None, score))
    return [verbatim for score in scores for verbatim in _verbatims(_said(period, score), period)]


def _said(period: Period, score: int | None) -> Sequence[Said]:
    query = _words(period.scope).where(
        Response.score == score if score is not None else Response.score.is_(None)
    )
    return db.session.execute(query.order_by(*_NEWEST_FIRST).limit(NEWEST_PER_SCORE)).all()


_NEWEST_FIRST = Response.submitted_at.desc(), Comment.id.desc()
"""Along an index, backwards: what is newest is found without looking at the rest."""


def all_verbatims(period: Period, newest: int | None = None) -> Iterator[Verbatim]:
    """Every comment of the period, oldest first, a page at a time; of more than the `newest` so many, only those."""
    last = None if newest is None else _newest_but(newest, period)
    while found := db.session.execute(_after(last, period).limit(BATCH)).all():
        last = found[-1]
        yield from _verbatims(found, period)


def _after(last: Any, period: Period) -> Rows:
    rest = period.scope if last is None else since(last.submitted_at, period.scope)
    behind = true() if last is None else later(last.submitted_at, Comment.id, last.id)
    return _words(rest).where(behind).order_by(Response.submitted_at, Comment.id)


def _newest_but(some: int, period: Period) -> Any:
    """The newest comment that so many others come after; None where there are not so many."""
    found = _words(period.scope).with_only_columns(Response.submitted_at, Comment.id)
    return db.session.execute(found.order_by(*_NEWEST_FIRST).offset(some).limit(1)).first()


def comments(period: Period) -> int:
    query = (
        select(func.count(Comment.id))
        .join(Response, Response.id == Comment.response_id)
        .where(Comment.answer_id.is_not(None))
    )
    return (
        db.session.scalar(
            period.scope.within(
                query.where(Response.is_sound, Response.erased_at.is_(None), _may_be_quoted())
            )
        )
        or 0
    )


def _may_be_quoted() -> ColumnElement[bool]:
    """Where a survey asks for consent under the key “quote”, only the words of those who gave it are quoted."""
    here = Question.kind == "consent", Question.key == CONSENT
    asked = select(Question.id).where(Question.version_id == Response.version_id, *here)
    given = (
        select(said.id)
        .join(Question, Question.id == said.question_id)
        .where(said.response_id == Response.id, *here)
    )
    return or_(~asked.exists(), given.where(said.text == "yes").exists())


def _words(scope: Scope) -> Rows:
    query = (
        select(Answer.text, Response.score, Response.submitted_at, Response.language, Comment.id)
        .join(Comment, Comment.answer_id == Answer.id)
        .join(Response, Response.id == Comment.response_id)
        .where(Response.is_sound, Response.erased_at.is_(None), _may_be_quoted())
    )
    return scope.within(query)


def _verbatims(found: Sequence[Said], period: Period) -> Iterator[Verbatim]:
    told = _told([row.id for row in found], period)
    for words, score, submitted_at, language, comment_id in found:
        day = clock.local_date(submitted_at, period.timezone)
        yield Verbatim(words, score, day, language, " · ".join(told[comment_id]))


def _told(ids: list[int], period: Period) -> dict[int, dict[str, None]]:
    """comment → the titles of what was told about it, as staff wrote them down, each once"""
    query = (
        select(Tag.comment_id, Action.title)
        .join(Action, Action.id == Tag.action_id)
        .where(among(Tag.comment_id, ids), Tag.told_at <= period.as_of)
        .order_by(Tag.id)
    )
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for comment_id, title in db.session.execute(query):
        found[comment_id][title] = None
    return found
