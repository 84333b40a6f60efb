"""Messages and their attempts. A state is stored here because workers must claim the row."""

from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import BIG, Base, Id, Moment
from core.models import Code, OrganisationAhead, Short, only_where
from outbox import models_pace  # noqa: F401 - whoever knows the messages knows what slows them down

STATES = (
    "queued",
    "claimed",
    "transmitting",
    "sent",
    "unknown",
    "bounced",
    "failed",
    "suppressed",
    "cancelled",
)
WAITING = ("queued", "claimed", "transmitting", "unknown")
"""States in which the word is still owed."""
LOST = ("bounced", "failed", "suppressed")
"""States in which nobody read it; `cancelled` was taken back by a person."""
SUPPRESSION_REASONS = ("hard_bounce", "complaint", "unsubscribed", "erased", "by_hand")
SUPPRESSION_STREAMS = ("", "survey", "service")
"""Which mail a suppression stops; nothing: all of it."""


class Message(Base):
    """A frozen envelope, and what becomes of it. Its words are rows of their own: this one is written three times more."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(state IN ('claimed', 'transmitting')) = (owner IS NOT NULL)", name="owner"),
        CheckConstraint("(state NOT IN ('sent', 'bounced')) OR sent_at IS NOT NULL", name="sent_at"),
        Index("ix_message_queue", "next_attempt_at", "id", "domain", **only_where("state = 'queued'")),
        Index("ix_message_lease", "lease_until", **only_where("owner IS NOT NULL")),
        Index("ix_message_waiting", "id", **only_where(f"state IN {WAITING}")),
        Index("ix_message_unknown", "organisation_id", **only_where("state = 'unknown'")),
        Index("ix_message_list", "organisation_id", "id"),
        Index("ix_message_day", "organisation_id", "created_at"),
        Index("ix_message_recipient", "organisation_id", "recipient_key", "created_at"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    """Local part of the Message-ID; kept by the attempts too, so that a lost row leaves evidence."""
    kind: Mapped[Code]
    """receipt, update, digest, correction, no_news, moved, progress, default, sign_in, alert, report"""
    channel: Mapped[Code] = mapped_column(default="mail")
    recipient: Mapped[str] = mapped_column(String(320))
    recipient_key: Mapped[Short]
    domain: Mapped[str] = mapped_column(String(255), default="", server_default="")
    """Of the recipient, as it is written on the wire."""
    recipient_name: Mapped[Short] = mapped_column(default="")
    sender_name: Mapped[Short]
    language: Mapped[Code]
    subject: Mapped[str] = mapped_column(String(500))
    slot: Mapped[str] = mapped_column(String(32))
    links: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """name → [purpose, id, version]"""
    headers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    secret: Mapped[bool] = mapped_column(default=False)
    """Its bodies hold a one-time link and are wiped at the final state."""
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    state: Mapped[Code] = mapped_column(default="queued")
    owner: Mapped[str | None] = mapped_column(String(64))
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[Moment | None]
    next_attempt_at: Mapped[Moment]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[Moment | None]
    server_reply: Mapped[str] = mapped_column(String(1000), default="")
    attempts: Mapped[list["Attempt"]] = relationship(order_by="Attempt.id", passive_deletes=True)
    body: Mapped["MessageBody | None"] = relationship(viewonly=True)

    @property
    def text(self) -> str:
        """Nothing when it was wiped, or lost."""
        return self.body.text if self.body else ""

    @property
    def html(self) -> str:
        """As `text`."""
        return self.body.html if self.body else ""


is_waiting = text(f"message.state IN {WAITING}")
"""Said in the words of its index, which is small: nearly all messages have arrived."""
is_unknown = text("message.state = 'unknown'")
"""Likewise."""


class MessageBody(Base):
    """The words of a message, written once by `outbox.bodies`: `{slot}name{slot}` stands where a personal link goes at DATA."""

    __tablename__ = "message_body"
    __table_args__ = (Index("ix_message_body_secret", "message_id", **only_where("secret AND text <> ''")),)

    message_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("message.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    secret: Mapped[bool] = mapped_column(default=False)
    """As the message's: by it alone is found what is to be wiped."""


class Attempt(Base):
    """One try at delivering a message, with the server's own words."""

    __tablename__ = "attempt"

    id: Mapped[Id]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), index=True)
    message_key: Mapped[str] = mapped_column(String(32))
    """Not an index: keys come in no order, so each mail would write a page of it. `queries.tries_left` does without."""
    at: Mapped[Moment]
    outcome: Mapped[Code]
    """sent, retry, failed, unknown, suppressed, bounced, decided"""
    server: Mapped[Short] = mapped_column(default="")
    code: Mapped[int | None]
    reply: Mapped[str] = mapped_column(String(1000), default="")
    against_us: Mapped[bool | None]
    """Whether it speaks against us or our server (the breaker counts it); None when no server was asked."""


class Suppression(Base):
    """An address that must not be written to. Only a keyed hash of it is kept: it outlives erasure."""

    __tablename__ = "suppression"
    __table_args__ = (
        UniqueConstraint("organisation_id", "address_hash", "stream"),
        CheckConstraint(f"reason IN {SUPPRESSION_REASONS}", name="reason"),
        CheckConstraint(f"stream IN {SUPPRESSION_STREAMS}", name="stream"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    address_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[Code]
    stream: Mapped[Code] = mapped_column(default="", server_default="")
    created_at: Mapped[Moment]


class MailHold(Base):
    """While one is not released nothing leaves the machine: how a restored copy is kept from writing again."""

    __tablename__ = "mail_hold"

    id: Mapped[Id]
    since: Mapped[Moment]
    reason: Mapped[Short]
    released_at: Mapped[Moment | None]
    released_by: Mapped[str | None] = mapped_column(String(200))
