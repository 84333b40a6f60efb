"""The gateway that carries the text messages of an organisation."""

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import Code, Organisation, Short


class TextGateway(Base):
    """One for each organisation. Its address is a secret: sealed with our key, and shown only in part."""

    __tablename__ = "text_gateway"
    __table_args__ = (
        CheckConstraint("(failed_at IS NULL) = (problem IS NULL)", name="failed_for_a_reason"),
        CheckConstraint("failed_at IS NOT NULL OR tries = 0", name="tries"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    service: Mapped[Short]
    """The service that the address is of, as it names itself."""
    shown: Mapped[Short]
    """What of the address may be read: its service and the end of its longest word."""
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]
    sent_at: Mapped[Moment | None]
    """When it last took something."""
    failed_at: Mapped[Moment | None]
    """When it last took nothing for a reason of its own; None when it has taken something since."""
    problem: Mapped[Code | None]
    """Why: one of `outbox.outlets.outcomes`."""
    reply: Mapped[str] = mapped_column(String(300), default="")
    tries: Mapped[int] = mapped_column(default=0)
    """How often in a row."""
    next_try_at: Mapped[Moment | None]
    organisation: Mapped[Organisation] = relationship()
