"""Who works here: people, the organisations they belong to, their sessions and keys."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import Code, Organisation, OrganisationAhead, OrganisationId, Short

ROLE_CHECK = "role IN ('viewer', 'agent', 'manager', 'admin')"


class Staff(Base):
    """A colleague. One account, a role in each organisation they belong to."""

    __tablename__ = "staff"

    id: Mapped[Id]
    name: Mapped[Short]
    email: Mapped[str] = mapped_column(String(320), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[Code] = mapped_column(default="nl")
    show_swearing: Mapped[bool] = mapped_column(default=False, server_default=false())
    """They read what customers wrote as it was typed; else swear words are masked."""
    created_at: Mapped[Moment]
    memberships: Mapped[list["Membership"]] = relationship(back_populates="staff", order_by="Membership.id")


class Membership(Base):
    """What one colleague may do in one organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("organisation_id", "staff_id"),
        CheckConstraint(ROLE_CHECK, name="role"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    role: Mapped[Code]
    job_title: Mapped[Short] = mapped_column(default="")
    since: Mapped[Moment]
    away_until: Mapped[Moment | None]
    left_at: Mapped[Moment | None]
    alerts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """kind → how they hear of it by mail (`accounts.alerts`); what is not there is as it is for their role."""
    staff: Mapped[Staff] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()


class StaffSession(Base):
    """A sign-in that can be listed and revoked; the cookie carries its random key, this row the hash."""

    __tablename__ = "staff_session"

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[Short] = mapped_column(default="")
    created_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]


class SignInLink(Base):
    """A one-time link: 256 random bits, of which only the SHA-256 is kept."""

    __tablename__ = "sign_in_link"

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class SignInFailure(Base):
    """A failed try, counted per account and per address: it slows, it never locks out."""

    __tablename__ = "sign_in_failure"

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[Moment]


class ApiKey(Base):
    """A program's key to one organisation, with a role; only its SHA-256 is kept."""

    __tablename__ = "api_key"
    __table_args__ = (CheckConstraint(ROLE_CHECK, name="role"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    name: Mapped[Short]
    role: Mapped[Code]
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]


class ApiAnswer(Base):
    """The answer an Idempotency-Key was given, stored in the transaction of what it made."""

    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("organisation_id", "idempotency_key"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    idempotency_key: Mapped[Short]
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[str]
    created_at: Mapped[Moment]
