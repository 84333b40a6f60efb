"""What colleagues write to each other about a comment. It never leaves the organisation."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Staff
from core.db import Base, Id, Moment
from core.models import OrganisationId, Short, only_where
from triage.models import Comment


class Note(Base):
    """Kept as it was written, never edited. Taken away by its author its words are gone, and the line stays."""

    __tablename__ = "note"
    __table_args__ = (CheckConstraint("taken_away_at IS NULL OR text = ''", name="taken_away_is_gone"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None: a program wrote it."""
    by: Mapped[Short]
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[Moment]
    taken_away_at: Mapped[Moment | None]
    comment: Mapped[Comment] = relationship()
    mentions: Mapped[list["Mention"]] = relationship(order_by="Mention.staff_id")


class Mention(Base):
    """A note names a colleague, who was mailed once, and has it above their inbox until they have read it."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_unread", "staff_id", **only_where("read_at IS NULL")),)

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    read_at: Mapped[Moment | None]
    staff: Mapped[Staff] = relationship()
