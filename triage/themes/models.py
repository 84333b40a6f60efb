"""What comments are about."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import Code, OrganisationAhead

comment_theme = Table(
    "comment_theme",
    Base.metadata,
    Column("comment_id", ForeignKey("comment.id"), primary_key=True),
    Column("theme_id", ForeignKey("theme.id"), primary_key=True, index=True),
)


class Theme(Base):
    """What comments are about; `name` holds words per language. It is ended, never deleted: old addresses find it."""

    __tablename__ = "theme"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key"),
        CheckConstraint("merged_into_id IS NULL OR ended_at IS NOT NULL", name="merged_has_ended"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    key: Mapped[Code]
    name: Mapped[dict[str, str]] = mapped_column(JSON)
    ended_at: Mapped[Moment | None]
    """When it was merged into another one, or taken away because nothing was about it."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    """The theme that holds its comments now: never one that was merged itself."""
    merged_into: Mapped["Theme | None"] = relationship(remote_side="Theme.id")
