"""Letters on paper: what was printed together, and which sheet of it was spoilt. The words are the message's."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import OrganisationId, Short, only_where
from outbox.models import Message

_WHOLE = only_where("spoilt_at IS NULL")


class Batch(Base):
    """Letters that are printed together, and then posted together."""

    __tablename__ = "letter_batch"
    __table_args__ = (
        CheckConstraint("(posted_at IS NULL) = (posted_by IS NULL)", name="posted"),
        Index("ix_letter_batch_organisation_id", "organisation_id", "id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    made_at: Mapped[Moment]
    made_by: Mapped[Short]
    posted_at: Mapped[Moment | None]
    posted_by: Mapped[Short | None]
    sheets: Mapped[list["Sheet"]] = relationship(back_populates="batch", order_by="Sheet.id")


class Sheet(Base):
    """One letter in a batch. A letter is in one batch at a time: the database refuses a second, until this one is spoilt."""

    __tablename__ = "letter_sheet"
    __table_args__ = (Index("uq_letter_sheet_whole", "message_id", unique=True, **_WHOLE),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    batch_id: Mapped[int] = mapped_column(ForeignKey("letter_batch.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    spoilt_at: Mapped[Moment | None]
    batch: Mapped[Batch] = relationship(back_populates="sheets")
    message: Mapped[Message] = relationship()
