"""Places besides mail where an organisation hears of alerts, and of what each is to hear or heard."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import Code, Organisation, OrganisationId, Short

STANDS: dict[str, Any] = {f"{d}_where": text("removed_at IS NULL") for d in ("sqlite", "postgresql")}
UNSENT: dict[str, Any] = {f"{d}_where": text("sent_at IS NULL") for d in ("sqlite", "postgresql")}


class Outlet(Base):
    """A chat channel or a webhook of other software. Its address is a secret: sealed with our key, and shown only in part."""

    __tablename__ = "outlet"
    __table_args__ = (
        CheckConstraint("(removed_at IS NULL) = (sealed <> '')", name="removed_is_wiped"),
        CheckConstraint("(failed_at IS NULL) = (problem IS NULL)", name="failed_for_a_reason"),
        CheckConstraint("failed_at IS NOT NULL OR tries = 0", name="tries"),
        Index("ix_outlet_standing", "organisation_id", "id", **STANDS),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    name: Mapped[Short]
    service: Mapped[Short]
    """The service that the address is of, as it names itself."""
    shown: Mapped[Short]
    """What of the address may be read: its service and the end of its last word."""
    sealed: Mapped[str] = mapped_column(Text)
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The kinds of alert that go there (`accounts.alerts`)."""
    created_at: Mapped[Moment]
    removed_at: Mapped[Moment | None]
    claimed_until: Mapped[Moment | None]
    """One clock is sending to it, and no other does until then."""
    sent_at: Mapped[Moment | None]
    """When it last took something."""
    failed_at: Mapped[Moment | None]
    """When it last took nothing; None when it has taken something since."""
    problem: Mapped[Code | None]
    """Why: one of `outbox.outlets.outcomes`."""
    reply: Mapped[str] = mapped_column(String(300), default="")
    """What the service said, in its own words."""
    tries: Mapped[int] = mapped_column(default=0)
    """How often in a row."""
    next_try_at: Mapped[Moment | None]
    organisation: Mapped[Organisation] = relationship()


class OutletNotice(Base):
    """One outlet is to hear, or heard, of one thing: once, however many clocks tick. No words and no names."""

    __tablename__ = "outlet_notice"
    __table_args__ = (
        UniqueConstraint("outlet_id", "kind", "subject_id"),
        Index("ix_outlet_notice_unsent", "outlet_id", **UNSENT),
        Index("ix_outlet_notice_sent", "outlet_id", "kind", "sent_at"),
    )

    id: Mapped[Id]
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlet.id"))
    kind: Mapped[Code]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    """The answer, the day, the alarm or the step that it is about."""
    found_at: Mapped[Moment]
    sent_at: Mapped[Moment | None]
    """When it went out, named or counted; or when it did not need to any more."""
