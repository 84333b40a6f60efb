"""The line by which a comment is found."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Moment
from core.models import Code

OWED: dict[str, Any] = {
    "sqlite_where": text("is_open = 1 AND due_at IS NOT NULL"),
    "postgresql_where": text("is_open AND due_at IS NOT NULL"),
}
UNOWED: dict[str, Any] = {
    "sqlite_where": text("is_open = 1 AND due_at IS NULL"),
    "postgresql_where": text("is_open AND due_at IS NULL"),
}


class CommentIndex(Base):
    """By what a comment is found, and where it stands: made from the facts, and made again when they change (`triage.indexing`)."""

    __tablename__ = "comment_index"
    __table_args__ = (
        Index("ix_comment_index_list", "organisation_id", "is_open", "comment_id"),
        Index("ix_comment_index_owed", "organisation_id", "due_at", "rank", "comment_id", **OWED),
        Index("ix_comment_index_unowed", "organisation_id", "comment_id", **UNOWED),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    is_open: Mapped[bool]
    due_at: Mapped[Moment | None]
    """Of the word that is owed about it; None where none is."""
    rank: Mapped[int]
    """Of its emotion, in the order in which people are helped; what was said before what its words suggest."""
    suggested: Mapped[Code | None]
    """The emotion that its words suggest, by the rules there were when the line was made; None for none."""
    tokens: Mapped[str] = mapped_column(Text)
    ways: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """How those came in that say the same, a word each; empty where it was said once."""
