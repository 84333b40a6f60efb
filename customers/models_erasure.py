"""Who was erased, why, and whether everything of theirs is gone. No name, no address."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment
from core.models import OrganisationId, Short


class Erasure(Base):
    """`asked_at`: what people can read is gone. `finished_at`: what was leaving then too. `swept_at`: the files as well."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("swept_at IS NULL OR finished_at IS NOT NULL", name="finished_before_swept"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    """None: a restored copy that is from before they were known."""
    key: Mapped[str] = mapped_column(String(32), unique=True)
    """The line of the list outside the database (`core.tombstones`)."""
    reason: Mapped[str] = mapped_column(String(1000))
    asked_by: Mapped[Short]
    asked_at: Mapped[Moment]
    answers: Mapped[int]
    messages: Mapped[int]
    under_way: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Messages that a server was being given then: what it says of them goes once they have ended."""
    looked_at: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Their answers, until it is finished: another clock may have been composing a word about one of them."""
    finished_at: Mapped[Moment | None]
    swept_at: Mapped[Moment | None]
