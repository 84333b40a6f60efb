"""What triage pages show besides the inbox: themes, actions and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Staff
from core.access import access, own
from core.database.counting import MANY
from core.db import Rows, db
from core.rows import some
from core.text import spellings
from surveys.models import Survey
from triage.models import Action, Comment, Tag
from triage.themes.models import Theme

PAGE = 50
CHOICES = 8


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action: how many comments it answers, and how many of those were told."""

    id: int
    kind: str
    title: str
    who: str
    due_on: date | None
    done_on: date | None
    corrects_id: int | None
    withdrawn: bool
    comments: int
    told: int


@dataclass(frozen=True, slots=True)
class ActionPage:
    lines: list[ActionLine]
    next: int | None


SHARED = Action.comment_id.is_(None)
"""What is written to one person is offered to nobody else."""


_OURS: BindParameter[int] = bindparam("organisation_id")
_TO_CHOOSE = select(Theme).where(Theme.organisation_id == _OURS, Theme.ended_at.is_(None)).order_by(Theme.key)
THEMES = _TO_CHOOSE.with_only_columns(Theme.id, Theme.key, Theme.name)
SURVEYS = (
    select(Survey.slug, Survey.title, Survey.language)
    .where(Survey.organisation_id == _OURS)
    .order_by(Survey.id)
)
"""What the inbox offers, put together once."""


def themes() -> Sequence[Theme]:
    """Those to choose from."""
    return db.session.scalars(_TO_CHOOSE, {"organisation_id": access().organisation_id}).all()


def key_that_holds(key: str) -> str:
    """The key of the theme that this one was merged into; else itself, also when there is no such theme."""
    gone = own(Theme).where(Theme.key == key, Theme.merged_into_id.is_not(None))
    theme = db.session.scalar(gone.options(joinedload(Theme.merged_into))) if key else None
    return theme.merged_into.key if theme and theme.merged_into else key


def surveys() -> Sequence[Survey]:
    return db.session.scalars(own(Survey).order_by(Survey.id)).all()


def actions(kind: str = "", words: str = "", before: int | None = None) -> ActionPage:
    """The organisation's actions, newest first."""
    query = _matching(own(Action), kind, words)
    query = query.where(Action.id < before) if before else query
    found = _lines(query.order_by(Action.id.desc()).limit(PAGE + 1))
    return ActionPage(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def action_line(action: Action) -> ActionLine:
    return _lines(own(Action).where(Action.id == action.id))[0]


def choices(words: str = "", chosen: int | None = None, most: int = CHOICES) -> list[ActionLine]:
    """Actions to choose from: those that were used or made last, or that hold these words; and the chosen one."""
    query = _matching(own(Action).where(Action.withdrawn_at.is_(None)), "", words)
    found = _lines(query.order_by(Action.id.desc()).limit(most))
    if chosen and chosen not in {a.id for a in found}:
        found += _lines(own(Action).where(Action.id == chosen, SHARED))
    return found


_NEWEST = (
    select(Action)
    .where(Action.organisation_id == _OURS, Action.withdrawn_at.is_(None), SHARED)
    .order_by(Action.id.desc())
    .limit(bindparam("most"))
)
_TITLES = _NEWEST.with_only_columns(Action.id, Action.kind, Action.title)


def titles() -> Sequence[Row[Any]]:
    """(id, kind, title) of the actions that were written down last, to choose from."""
    return some(_TITLES, organisation_id=access().organisation_id, most=PAGE)


def newest(most: int) -> Sequence[Action]:
    """The actions that were written down last, with their words."""
    asked = {"organisation_id": access().organisation_id, "most": most}
    return db.session.scalars(_NEWEST, asked).all()


def _matching(query: Rows, kind: str, words: str) -> Rows:
    query = query.where(SHARED, *([Action.kind == kind] if kind else []))
    said = (
        part.icontains(s, autoescape=True) for part in (Action.title, Action.reason) for s in spellings(words)
    )
    return query.where(or_(*said)) if words else query


def _lines(query: Rows) -> list[ActionLine]:
    """With the name of the owner, and counts of comments and of those that were told."""
    found = list(db.session.scalars(query.options(joinedload(Action.owner))))
    counts = _counts([a.id for a in found])
    return [_line(a, *counts.get(a.id, (0, 0))) for a in found]


def _counts(ids: list[int]) -> dict[int, tuple[int, int]]:
    """action → (comments, told), neither of them further than MANY + 1."""
    query = select(Action.id, _counted(), _counted(Tag.told_at.is_not(None))).where(Action.id.in_(ids))
    return {action: (n, heard) for action, n, heard in db.session.execute(query)}


def _counted(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    of_it = select(Tag.comment_id).where(Tag.action_id == Action.id, Tag.withdrawn_at.is_(None), *conditions)
    some = of_it.correlate(Action).limit(MANY + 1).subquery()
    return select(func.count(some.c.comment_id.distinct())).scalar_subquery()


def _line(action: Action, comments: int, told: int) -> ActionLine:
    return ActionLine(
        action.id, action.kind, action.title, action.owner.name, action.due_on, action.done_on, action.corrects_id,
        action.withdrawn_at is not None, comments, told,
    )  # fmt: skip


def comments_of(action: Action, limit: int = PAGE) -> list[int]:
    """Ids of the comments it answers, newest first."""
    tagged = select(Tag.comment_id).where(Tag.action_id == action.id, Tag.withdrawn_at.is_(None))
    return list(
        db.session.scalars(
            select(Comment.id).where(Comment.id.in_(tagged)).order_by(Comment.id.desc()).limit(limit)
        )
    )


WITH_TAGS = (joinedload(Comment.response), selectinload(Comment.tags))
"""Read at once what tagging many asks of each."""


def comments(ids: Sequence[int]) -> list[Comment]:
    """Those of these comments that are the organisation's."""
    query = own(Comment).where(Comment.id.in_(ids)).options(*WITH_TAGS)
    return list(db.session.scalars(query.order_by(Comment.id)))


def any_comment() -> bool:
    return db.session.scalar(own(Comment).with_only_columns(Comment.id).limit(1)) is not None


def owner(staff_id: int) -> Staff:
    return db.session.scalars(select(Staff).where(Staff.id == staff_id)).one()
