"""Mail that a respondent wrote back, as it lies with their answer."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import OrganisationId
from outbox.incoming.models import IncomingMessage
from surveys.models_responses import Response


class Reply(Base):
    """One mail that came in, with the answer it is about. Its words and attachments live once, in the message itself."""

    __tablename__ = "reply"
    __table_args__ = (UniqueConstraint("incoming_id"), Index("ix_reply_response_id", "response_id", "id"))

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming_message.id"))
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    came_at: Mapped[Moment]
    words_key: Mapped[str] = mapped_column(String(64))
    """A keyed hash of its words: a machine that answers says the same again and again."""
    stopped: Mapped[bool]
    """It was taken for a machine that answers: kept and shown, and it sets nothing going."""
    refusals_told_at: Mapped[Moment | None]
    """When they were told which of its attachments were not kept."""
    incoming: Mapped[IncomingMessage] = relationship()
    response: Mapped[Response] = relationship()
