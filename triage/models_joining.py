"""Two comments that say the same: who said so and when, and whether they were taken apart again."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import OrganisationId, Short, only_where
from triage.models import Comment

_STANDS = only_where("undone_at IS NULL")


class Joining(Base):
    """`comment` says what `into` says. No words and no promise were moved: each answer keeps its own."""

    __tablename__ = "comment_joining"
    __table_args__ = (
        CheckConstraint("comment_id <> into_id", name="two"),
        CheckConstraint("likeness BETWEEN 0 AND 100", name="likeness"),
        Index("uq_comment_joining_stands", "comment_id", unique=True, **_STANDS),
    )  # fmt: skip

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    likeness: Mapped[int]
    """How much of the words they shared then, of 100."""
    brought: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Labels that `into` had not, and has from it: they go again with it."""
    by: Mapped[Short]
    at: Mapped[Moment]
    undone_at: Mapped[Moment | None]
    undone_by: Mapped[Short] = mapped_column(default="")
    comment: Mapped[Comment] = relationship(foreign_keys=comment_id)
    into: Mapped[Comment] = relationship(foreign_keys=into_id)
