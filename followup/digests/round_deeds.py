"""What a round brought: what was done about its comments, what they were about, and how many people answered."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.db import Rows, db
from surveys.models import Round
from surveys.models_responses import Response
from triage.models import Action, Comment, Tag
from triage.queries import SHARED
from triage.themes.models import Theme, comment_theme


@dataclass(frozen=True, slots=True)
class Done:
    """One action of the round, and how many of its comments it answers."""

    action: Action
    comments: int


@dataclass(frozen=True, slots=True)
class Said:
    """One theme of the round: how many comments are about it, and how many of those have their action."""

    theme: Theme
    comments: int
    answered: int


def done_in(round: Round) -> list[Done]:
    """What was done about this round's comments, the most-wanted first; what was written to one person is not for everybody."""
    query = _of(select(Tag.action_id, func.count(Comment.id.distinct())).join(Comment), round)
    rows = db.session.execute(query.where(Tag.withdrawn_at.is_(None)).group_by(Tag.action_id))
    counts: dict[int, int] = dict(rows.all())
    held = (
        select(Action)
        .where(Action.id.in_(counts), Action.withdrawn_at.is_(None), SHARED)
        .options(joinedload(Action.owner))
    )
    actions = db.session.scalars(held.order_by(Action.id))
    return sorted((Done(a, counts[a.id]) for a in actions), key=lambda d: -d.comments)


def said_in(round: Round) -> list[Said]:
    """What this round's comments are about, the most-named first."""
    tagged = select(Tag.id).where(Tag.comment_id == Comment.id, Tag.withdrawn_at.is_(None)).exists()
    counts = func.count(Comment.id), func.count(Comment.id).filter(tagged)
    about = select(comment_theme.c.theme_id, *counts).join(Comment, Comment.id == comment_theme.c.comment_id)
    rows = db.session.execute(_of(about, round).group_by(comment_theme.c.theme_id)).all()
    themes = {t.id: t for t in db.session.scalars(select(Theme).where(Theme.id.in_([r[0] for r in rows])))}
    found = [Said(themes[id], n, answered) for id, n, answered in rows]
    return sorted(found, key=lambda s: (-s.comments, s.theme.key))


def _of(query: Rows, round: Round) -> Rows:
    """Narrowed to comments of the round; tests do not count."""
    joined = query.join(Response, Response.id == Comment.response_id)
    return joined.where(Response.round_id == round.id, Response.is_test.is_(False))


def counts(round: Round) -> tuple[int, int]:
    """(how many answered, how many of them wrote something)"""
    wrote = select(Comment.id).where(Comment.response_id == Response.id).exists()
    query = select(func.count(Response.id), func.count(Response.id).filter(wrote))
    answered, worded = db.session.execute(
        query.where(Response.round_id == round.id, Response.is_test.is_(False))
    ).one()
    return answered, worded
