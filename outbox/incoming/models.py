"""What came in: a message with what became of it, and its attachments."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import Code, OrganisationId, Short, only_where

OUTCOMES = ("", "attached", "stopped", "nowhere", "acted", "noted", "unmatched", "erased")
"""What became of a message that came in: it lies with its comment; it was stopped as a loop; it answers nothing that has a comment; what
it reports was done; nothing had to be done; it is about none of ours; its writer was erased."""

REFUSALS = ("", "kind", "size", "number", "broken")
"""Why an attachment was not kept: what it is, too large, too many, or it cannot be decoded."""


class IncomingMessage(Base):
    """A message that came in: its words, whom it is about, and what became of it. `raw` is its beginning, as it was."""

    __tablename__ = "incoming_message"
    __table_args__ = (
        CheckConstraint("kind IN ('reply', 'bounce', 'complaint', 'auto_reply', 'other')", name="kind"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        UniqueConstraint("digest"),
        Index("ix_incoming_message_waiting", "id", **only_where("handled_at IS NULL")),
        Index("ix_incoming_message_list", "organisation_id", "id"),
        Index(
            "ix_incoming_message_unmatched",
            "organisation_id",
            "sender",
            **only_where("outcome = 'unmatched'"),
        ),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Whose message it is about; None where it is about none of ours."""
    digest: Mapped[str] = mapped_column(String(64))
    """Of its Message-ID, its sender, where it was sent and its body: by whichever way it comes in again, it is the same."""
    received_at: Mapped[Moment]
    kind: Mapped[Code]
    permanent: Mapped[bool | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), index=True)
    sender: Mapped[str] = mapped_column(String(320), default="", server_default="")
    sender_name: Mapped[Short] = mapped_column(default="", server_default="")
    subject: Mapped[str] = mapped_column(String(500), default="", server_default="")
    thread: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Message-IDs of the conversation, oldest first, its own last: by them an answer is shown below it."""
    remarks: Mapped[list[list[str]]] = mapped_column(JSON, default=list, server_default="[]")
    """[what, detail] of what could not be read as it was; `outbox.wording` says it."""
    text: Mapped[str] = mapped_column(Text)
    raw: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    handled_at: Mapped[Moment | None]
    outcome: Mapped[Code] = mapped_column(default="", server_default="")
    """What became of it; nothing while it waits for a room above, or for what came in before this was kept."""
    files: Mapped[list["Attachment"]] = relationship(order_by="Attachment.id", passive_deletes=True)


class Attachment(Base):
    """What was attached to a message that came in. One that was refused has a name, a size and a reason, and no content."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint(f"refused IN {REFUSALS}", name="refused"),
        CheckConstraint("refused = '' OR length(content) = 0", name="refused_is_empty"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    incoming_id: Mapped[int] = mapped_column(
        ForeignKey("incoming_message.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[Short]
    kind: Mapped[str] = mapped_column(String(100), default="")
    """Its media type, by its content."""
    size: Mapped[int]
    refused: Mapped[Code] = mapped_column(default="")
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
