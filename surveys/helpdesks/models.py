"""Zammad asks for us: a webhook of one survey, and each delivery of it with what came of it. Nobody's address stands here."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import Code, OrganisationId, Short
from surveys.models import Survey

OUTCOMES = (
    "asked", "waits", "lately", "blocked", "no_mail", "bad_mail", "survey_closed", "taken_back", "too_late", "nothing",
)  # fmt: skip
"""asked: an invitation goes after the delay; waits: one for this ticket waits already; lately, blocked, no_mail, bad_mail, survey_closed: nobody is
asked; taken_back: the ticket was opened again in time; too_late: it was opened again after they were asked; nothing: it concerns no invitation."""
CLOSED = ("closed",)
DELAY_HOURS, MOST_HOURS = 24, 24 * 28


class ZammadHook(Base):
    """One survey hears of tickets. Its secret is computed from `version` and our key, and in no column."""

    __tablename__ = "zammad_hook"
    __table_args__ = (
        UniqueConstraint("survey_id"),
        CheckConstraint(f"delay_hours BETWEEN 0 AND {MOST_HOURS}", name="delay_hours"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    version: Mapped[int] = mapped_column(default=1)
    delay_hours: Mapped[int] = mapped_column(default=DELAY_HOURS)
    """Between the closing of a ticket and the mail."""
    closed_names: Mapped[list[str]] = mapped_column(JSON, default=lambda: list(CLOSED))
    """What this Zammad calls a ticket that is closed."""
    made_by: Mapped[Short]
    made_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    """When it was switched off: nothing is taken any more."""
    refused_at: Mapped[Moment | None]
    """When something came with a signature that is not ours, lately."""
    survey: Mapped[Survey] = relationship()


class ZammadDelivery(Base):
    """What Zammad sent once, however often it tried."""

    __tablename__ = "zammad_delivery"
    __table_args__ = (
        UniqueConstraint("hook_id", "delivery"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        Index("ix_zammad_delivery_ticket", "hook_id", "ticket"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    hook_id: Mapped[int] = mapped_column(ForeignKey("zammad_hook.id"))
    delivery: Mapped[str] = mapped_column(String(100))
    """Its number there (X-Zammad-Delivery), else a digest of what it said."""
    ticket: Mapped[str] = mapped_column(String(60))
    """As people name it; empty once whoever it was about is forgotten."""
    state: Mapped[str] = mapped_column(String(60), default="")
    received_at: Mapped[Moment]
    outcome: Mapped[Code]
    list_id: Mapped[int | None] = mapped_column(ForeignKey("invitation_list.id"), index=True)
    """The list of one person that it became."""
    hook: Mapped[ZammadHook] = relationship()
