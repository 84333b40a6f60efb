"""What slows delivery down, and who hears of it: rows, so that every sender and every page sees the same."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment
from core.models import Code, Short, only_where


class DomainPause(Base):
    """A recipient domain that asked for fewer mails; its row goes with the first mail it accepts again."""

    __tablename__ = "domain_pause"

    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    until: Mapped[Moment]
    times: Mapped[int]
    """How often in a row it asked: each pause is twice the last."""
    reason: Mapped[str] = mapped_column(String(1000))


class Breaker(Base):
    """While one of a mail server is open nothing is sent through it, but for one message at a time to see how it is."""

    __tablename__ = "breaker"
    __table_args__ = (Index("uq_breaker_open", "server", unique=True, **only_where("closed_at IS NULL")),)

    id: Mapped[Id]
    server: Mapped[Short]
    opened_at: Mapped[Moment]
    reason: Mapped[str] = mapped_column(String(1000))
    probe_at: Mapped[Moment]
    """From then on one message may try."""
    probes: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[Moment | None]


class Alarm(Base):
    """Something a person must look at; posted to ALERT_URL, many of one kind at once."""

    __tablename__ = "alarm"
    __table_args__ = (Index("ix_alarm_unposted", "kind", **only_where("posted_at IS NULL")),)

    id: Mapped[Id]
    kind: Mapped[Code]
    """breaker, unknown, refused, ticks"""
    text: Mapped[str] = mapped_column(String(1000))
    raised_at: Mapped[Moment]
    posted_at: Mapped[Moment | None]
