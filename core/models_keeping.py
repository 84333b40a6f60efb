"""How long an organisation keeps what, and what was forgotten since its time was over."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Day, Id, Moment
from core.models import Code, Organisation, OrganisationAhead, Short, only_where

_UNSWEPT = only_where("swept_at IS NULL")


class Keeping(Base):
    """The periods of one organisation, where they are not the usual ones (`core.keeping`); in days, None: without end."""

    __tablename__ = "keeping"
    __table_args__ = (
        CheckConstraint("(shorter_at IS NULL) = (shorter_by = '')", name="shorter_by_somebody"),
        UniqueConstraint("organisation_id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    days: Mapped[dict[str, int | None]] = mapped_column(JSON, default=dict)
    shorter: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Periods that were made shorter, until they hold: what they would take is kept for a day more."""
    shorter_at: Mapped[Moment | None]
    """From when on they hold."""
    shorter_by: Mapped[Short] = mapped_column(default="")
    begins: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """category → the day, in ISO 8601, on which it is forgotten for the first time: managers were written to before."""
    words: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """language → what a manager adds to the page of what is kept, for those who answer"""
    ran_on: Mapped[Day | None]
    """The last local day on which everything past its time was forgotten."""
    organisation: Mapped[Organisation] = relationship()


class Forgetting(Base):
    """How much of one category was forgotten on one local day, in how long a transaction at most. No word of what it was."""

    __tablename__ = "forgetting"
    __table_args__ = (
        UniqueConstraint("organisation_id", "category", "day"),
        CheckConstraint("n >= 0 AND longest_ms >= 0", name="counts"),
        CheckConstraint("swept_at IS NULL OR finished_at IS NOT NULL", name="finished_before_swept"),
        Index("ix_forgetting_unswept", "id", **_UNSWEPT),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    category: Mapped[Code]
    day: Mapped[Day]
    until: Mapped[Moment]
    """What is older than this is forgotten. The list outside the database holds it too (`core.forgotten`)."""
    n: Mapped[int] = mapped_column(default=0)
    longest_ms: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[Moment | None]
    swept_at: Mapped[Moment | None]
    """When its bytes had left the files of the database too."""
