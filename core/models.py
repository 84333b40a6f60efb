"""The organisation, the audit line, and the pulse of the clock."""

from typing import Annotated, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment

Short = Annotated[str, mapped_column(String(200))]
Code = Annotated[str, mapped_column(String(40))]
OrganisationId = Annotated[int, mapped_column(ForeignKey("organisation.id"), index=True)]
OrganisationAhead = Annotated[int, mapped_column(ForeignKey("organisation.id"))]
"""Where another index of the table, or a key, begins with it: one of its own would be written with each row and find nothing more."""

WORKING_HOURS = [["09:00", "17:00"]] * 5 + [None, None]


def only_where(condition: str) -> dict[str, Any]:
    """Of an `Index` that holds only what waits: on either database the same."""
    return {f"{database}_where": text(condition) for database in ("sqlite", "postgresql")}


class Organisation(Base):
    """A sealed tenant. `hours` holds seven entries from Monday on: [opens, closes] or null."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("form_of_address IN ('u', 'je')", name="form_of_address"),)

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Short]
    language: Mapped[Code] = mapped_column(default="nl")
    form_of_address: Mapped[Code] = mapped_column(default="u")
    timezone: Mapped[Short] = mapped_column(default="Europe/Amsterdam")
    country: Mapped[Code] = mapped_column(default="NL")
    accent: Mapped[Code] = mapped_column(default="#0f5c6b")
    logo: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """SHA-256 of its picture (`accounts.models_logo`); empty without one."""
    mail: Mapped[Short] = mapped_column(default="")
    phone: Mapped[Short] = mapped_column(default="")
    address: Mapped[Short] = mapped_column(default="")
    hours: Mapped[list[Any]] = mapped_column(JSON, default=lambda: WORKING_HOURS)
    channels: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Ways besides mail and a page in which respondents may choose to hear; of `outbox.channels.OFFERED`."""
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]


class Event(Base):
    """Who did what to which subject, when. Only ever added to; holds no words of customers."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "organisation_id", "subject_type", "subject_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    at: Mapped[Moment]
    actor: Mapped[Short]
    verb: Mapped[Code]
    subject_type: Mapped[Code]
    subject_id: Mapped[int]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Beat(Base):
    """The last run of each tick: how a stopped clock is noticed."""

    __tablename__ = "beat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    error: Mapped[str | None] = mapped_column(String(500))
