"""The same label for many comments: whose they are, what they are about, how they sound. What is not chosen stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core import audit
from core.db import db, writing
from core.rows import among
from triage.labelling import feel, give_by_theme
from triage.models import Comment
from triage.themes.models import Theme

SLICE = 100
"""Comments in a transaction: their lines in the index are made anew."""
KEEP, NOBODY = "", "nobody"


@dataclass(frozen=True, slots=True)
class Chosen:
    """`assignee`: a colleague, NOBODY, or KEEP; the others are empty where nothing was chosen."""

    assignee: int | str = KEEP
    theme: Theme | None = None
    emotion: str = KEEP

    def __bool__(self) -> bool:
        return bool(self.assignee or self.theme or self.emotion)


def label_many(organisation_id: int, ids: Sequence[int], chosen: Chosen, now: datetime) -> int:
    """Some at a time, each in a transaction of its own; returns how many there were. Those of others are left out."""
    slices = (ids[start : start + SLICE] for start in range(0, len(ids), SLICE))
    return sum(_some(organisation_id, some, chosen, now) for some in slices)


def _some(organisation_id: int, ids: Sequence[int], chosen: Chosen, now: datetime) -> int:
    with writing():
        ours = select(Comment).where(Comment.organisation_id == organisation_id, among(Comment.id, ids))
        found = db.session.scalars(ours.options(selectinload(Comment.themes))).all()
        for comment in found:
            _label(comment, chosen, now)
        if found:
            numbers = [c.id for c in found]
            audit.record_many(
                "comment.labelled", organisation_id, "comment", numbers, now, emotion=chosen.emotion or None
            )
        return len(found)


def _label(comment: Comment, chosen: Chosen, now: datetime) -> None:
    if chosen.assignee:
        comment.assignee_id = None if chosen.assignee == NOBODY else int(chosen.assignee)
    if chosen.emotion:
        feel(comment, chosen.emotion)
    if chosen.theme and chosen.theme not in comment.themes:
        comment.themes.append(chosen.theme)
        if not chosen.assignee:
            give_by_theme(comment, now)
