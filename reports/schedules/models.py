"""Reports on a schedule: who reads them, which periods were made, and whom each was mailed to."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Staff
from core.db import Base, Day, Id, Moment
from core.models import Code, Organisation, OrganisationId, only_where
from outbox.models import Message
from reports.models import Report
from surveys.models import Survey

RHYTHMS = ("week", "month", "quarter", "round")
UNTOLD = only_where("told_at IS NULL")


class Schedule(Base):
    """A report of one survey, or one of each, every so often. Survey and rhythm stay: another one is another schedule."""

    __tablename__ = "report_schedule"
    __table_args__ = (CheckConstraint(f"every IN {RHYTHMS}", name="every"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("survey.id"))
    """None: every survey that was open in the period."""
    every: Mapped[Code]
    language: Mapped[Code]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    begins_on: Mapped[Day]
    """The local day on which it was made: what was over before then was never missed."""
    created_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    organisation: Mapped[Organisation] = relationship()
    survey: Mapped[Survey | None] = relationship()
    made_by: Mapped[Staff] = relationship()
    readers: Mapped[list["Reader"]] = relationship(order_by="Reader.id", back_populates="schedule")


class Reader(Base):
    """An address that gets it by mail. Nobody who asked for no more is written to again by typing their address once more."""

    __tablename__ = "report_reader"
    __table_args__ = (UniqueConstraint("schedule_id", "mail_key"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    schedule_id: Mapped[int] = mapped_column(ForeignKey("report_schedule.id"))
    mail: Mapped[str] = mapped_column(String(320))
    mail_key: Mapped[str] = mapped_column(String(320))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """A colleague: they are written to where they read mail now, and no more once they left."""
    added_at: Mapped[Moment]
    stopped_at: Mapped[Moment | None]
    """They asked for no more."""
    removed_at: Mapped[Moment | None]
    """A manager took them off."""
    schedule: Mapped[Schedule] = relationship(back_populates="readers")
    staff: Mapped[Staff | None] = relationship()


class Run(Base):
    """One period that was over. The unique key is what makes two clocks, or a clock that catches up, make it once."""

    __tablename__ = "report_run"
    __table_args__ = (
        UniqueConstraint("schedule_id", "first_day"),
        CheckConstraint("first_day <= last_day", name="period"),
        CheckConstraint("skipped >= 0", name="skipped"),
        Index("ix_report_run_untold", "id", **UNTOLD),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    schedule_id: Mapped[int] = mapped_column(ForeignKey("report_schedule.id"))
    first_day: Mapped[Day]
    last_day: Mapped[Day]
    skipped: Mapped[int] = mapped_column(default=0)
    """Periods before it that were missed and are not made any more."""
    asked_at: Mapped[Moment]
    told_at: Mapped[Moment | None]
    """Its readers were written to, or its maker that it failed."""
    schedule: Mapped[Schedule] = relationship()
    parts: Mapped[list["Part"]] = relationship(order_by="Part.report_id", back_populates="run")
    deliveries: Mapped[list["Delivery"]] = relationship(order_by="Delivery.id", back_populates="run")


class Part(Base):
    """One report of a run: of its survey, or of one of all."""

    __tablename__ = "report_part"

    run_id: Mapped[int] = mapped_column(ForeignKey("report_run.id"), primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True, index=True)
    run: Mapped[Run] = relationship(back_populates="parts")
    report: Mapped[Report] = relationship()


class Delivery(Base):
    """A run as one reader got it. Its link opens while the version is this one."""

    __tablename__ = "report_delivery"
    __table_args__ = (UniqueConstraint("reader_id", "run_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    reader_id: Mapped[int] = mapped_column(ForeignKey("report_reader.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("report_run.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), index=True)
    address: Mapped[str] = mapped_column(String(320))
    at: Mapped[Moment]
    link_version: Mapped[int] = mapped_column(default=1)
    reader: Mapped[Reader] = relationship()
    run: Mapped[Run] = relationship(back_populates="deliveries")
    message: Mapped[Message | None] = relationship()
