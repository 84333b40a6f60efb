"""The line by which a comment is found, as its facts are. Who writes facts has it made again before the commit (`triage.following`).

The state of a comment is derived from its tags, here as everywhere; the index only finds. A sweep compares.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.orm import aliased, joinedload, selectinload

from core import rows
from core.db import db
from core.rows import among, these
from core.text import word_keys
from promises.models import Promise
from surveys.models_responses import Response
from triage.feeling.suggesting import suggested
from triage.inbox.marks import KINDS, mark
from triage.models import EMOTIONS, Comment
from triage.models_index import CommentIndex
from triage.states import is_open
from triage.themes.models import comment_theme

SLICE = 500
OF_THE_DESK = tuple(f"#{KINDS[kind]}" for kind in ("assignee", "emotion"))


def index(ids: Iterable[int]) -> None:
    """Write the lines of these comments anew. What stands elsewhere on the desk has none, and who was erased."""
    for some in _slices(ids):
        found = _read(some)
        lines = [_line(c) for c in found if not c.response.erased_at and not c.stands_elsewhere]
        every = {*some, *(c.id for c in found)}
        db.session.execute(delete(CommentIndex).where(among(CommentIndex.comment_id, every)))
        db.session.execute(insert(CommentIndex), lines) if lines else None
        restate(every)


def forget(ids: Sequence[int]) -> None:
    """Who said these is forgotten: their lines go unread. What others said with one of them is written anew."""
    rows.run(_GONE, ids=list(ids))
    index(rows.ones(_TOGETHER, ids=list(ids)))


_GONE = delete(CommentIndex).where(among(CommentIndex.comment_id, these()))
_TOGETHER = union(
    select(Comment.complaint_id).where(among(Comment.id, these()), Comment.complaint_id.is_not(None)),
    select(Comment.complaint_id).where(among(Comment.complaint_id, these())),
)


def restate(ids: Iterable[int]) -> None:
    """Only whether they need a person, and when a word is due: one step may tag thousands."""
    for some in _slices(ids):
        db.session.execute(
            _RESTATED.where(CommentIndex.comment_id.in_(_on_the_desk(among(Comment.id, some))))
        )


def restate_all_of(responses: Iterable[int]) -> None:
    """The same of every comment of these responses."""
    for some in _slices(responses):
        theirs = _on_the_desk(among(Comment.response_id, some))
        db.session.execute(_RESTATED.where(CommentIndex.comment_id.in_(theirs)))


def _on_the_desk(those: ColumnElement[bool]) -> Select[int]:
    """The comments that stand there for those."""
    return select(func.coalesce(Comment.complaint_id, Comment.id)).where(those)


def astray(newest: int | None = None) -> Sequence[int]:
    """Comments whose line is missing, or says something else than their tags and promises; of so many, or of all."""
    last = select(Comment.id).order_by(Comment.id.desc()).limit(newest)
    wrong = or_(
        CommentIndex.is_open.is_distinct_from(_needs_a_person(Comment.id)),
        CommentIndex.due_at.is_distinct_from(_due_at(Comment.id)),
    )
    lines = select(Comment.id).outerjoin(CommentIndex, CommentIndex.comment_id == Comment.id)
    lines = lines.join(Response, Response.id == Comment.response_id).where(Response.erased_at.is_(None))
    lines = lines.where(func.coalesce(Comment.complaint_id, Comment.id) == Comment.id)
    return db.session.scalars(
        lines.where(Comment.id.in_(last), or_(CommentIndex.comment_id.is_(None), wrong))
    ).all()


def retheme(old: int, new: int) -> None:
    """Whatever is about the one theme is about the other, in one statement: they may be thousands."""
    before, after = f" {mark('theme', old)} ", f" {mark('theme', new)} "
    line = literal(" ") + CommentIndex.tokens + literal(" ")
    moved = func.replace(line, before, case((line.contains(after), " "), else_=after))
    about = select(comment_theme.c.comment_id).where(comment_theme.c.theme_id == old)
    changed = update(CommentIndex).where(CommentIndex.comment_id.in_(about)).values(tokens=func.trim(moved))
    db.session.execute(changed.execution_options(synchronize_session=False))


def put(comment_id: int, response: Response, words: str, assignee_id: int | None = None) -> None:
    """The line of a comment that was just written, without reading it back."""
    tokens = [*_facts(response, assignee_id=assignee_id), *word_keys(words)]
    row = _row(comment_id, response.organisation_id, tokens, None, suggested(words, response.language))
    rows.run(_put(), **row, of_response=response.id)


@cache
def _put() -> Insert:
    """Put together once: it goes with each answer in somebody's own words."""
    owed = select(Promise.due_at).where(Promise.response_id == bindparam("of_response"), Promise.is_open)
    return insert(CommentIndex).values(due_at=owed.scalar_subquery())


def _slices(ids: Iterable[int]) -> Iterator[list[int]]:
    found = sorted(set(ids))
    return (found[start : start + SLICE] for start in range(0, len(found), SLICE))


def _read(ids: list[int]) -> Sequence[Comment]:
    """Those, and what stands on the desk for them."""
    elsewhere = select(Comment.complaint_id).where(among(Comment.id, ids), Comment.complaint_id.is_not(None))
    said = select(Comment.id).where(
        among(Comment.id, ids)
    )  # by "or" PostgreSQL would read every comment there is
    query = (
        select(Comment)
        .where(Comment.id.in_(union(said, elsewhere)))
        .execution_options(populate_existing=True)
    )
    with_all = (joinedload(Comment.response), joinedload(Comment.answer), selectinload(Comment.themes))
    also = joinedload(Comment.said_also)
    others = (
        also.joinedload(Comment.response),
        also.joinedload(Comment.answer),
        also.selectinload(Comment.themes),
    )
    return db.session.scalars(query.options(*with_all, *others)).unique().all()


def _line(comment: Comment) -> dict[str, Any]:
    """It is found by whatever is said in it, and in all that it stands for."""
    tokens = dict.fromkeys(_tokens(comment) + [token for one in comment.said_also for token in _tokens(one)])
    guess = suggested(comment.text, comment.response.language)
    row = _row(comment.id, comment.organisation_id, tokens, comment.emotion, guess)
    return {**row, "ways": " ".join(c.response.source for c in comment.said_also)[:200]}


def _tokens(comment: Comment) -> list[str]:
    """Whose it is and how it sounds is said of the comment on the desk alone."""
    themes = [mark("theme", t.id) for t in comment.themes]
    facts = _facts(comment.response, comment, comment.assignee_id)
    if comment.stands_elsewhere:
        facts = [fact for fact in facts if not fact.startswith(OF_THE_DESK)]
    return [*facts, *themes, *word_keys(comment.text)]


def _facts(response: Response, comment: Comment | None = None, assignee_id: int | None = None) -> list[str]:
    """The marks of a comment, or of one that is being written and has no labels yet."""
    values = {
        "organisation": response.organisation_id, "survey": response.survey_id, "round": response.round_id, "channel": response.channel,
        "language": response.language, "score": response.score, "emotion": comment and comment.emotion,
        "assignee": assignee_id or 0, "customer": response.customer_id,
    }  # fmt: skip
    return [mark(kind, v) for kind, v in values.items() if v is not None]


def _row(
    comment_id: int, organisation_id: int, tokens: Iterable[str], emotion: str | None, guess: str
) -> dict[str, Any]:
    """As it stands until something is done about it."""
    rank = 2 * EMOTIONS.index(emotion or guess or "neutral") + (emotion is None)
    return {
        "comment_id": comment_id, "organisation_id": organisation_id, "is_open": True, "rank": rank, "suggested": guess or None,
        "tokens": " ".join(tokens), "ways": "",
    }  # fmt: skip


def _restated() -> Any:
    opened, due_at = _needs_a_person(CommentIndex.comment_id), _due_at(CommentIndex.comment_id)
    new = update(CommentIndex).values(is_open=opened, due_at=due_at)
    return new.execution_options(synchronize_session=False)


def _needs_a_person(comment_id: Any) -> ColumnElement[bool]:
    """It does, or one that it stands for."""
    theirs = aliased(Comment)
    return select(theirs.id).where(_stands_for(comment_id, theirs), is_open(theirs)).exists()


def _due_at(comment_id: Any) -> Any:
    """Of all that it stands for what was promised first."""
    theirs = aliased(Comment)
    owed = select(func.min(Promise.due_at)).join(theirs, theirs.response_id == Promise.response_id)
    return owed.where(_stands_for(comment_id, theirs), Promise.is_open).scalar_subquery()


def _stands_for(comment_id: Any, theirs: Any) -> ColumnElement[bool]:
    return or_(theirs.id == comment_id, theirs.complaint_id == comment_id)


_RESTATED = _restated()
