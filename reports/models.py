"""A report: a period and scope, frozen figures, and the bytes of its PDF with their SHA-256."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from core.db import Base, Day, Id, Moment
from core.models import Code, OrganisationId, only_where
from reports.narrowing import Narrowed
from surveys.models import Survey


class Report(Base):
    """Asked for by a person or a program; a tick renders it; archived unaltered."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="period"),
        CheckConstraint("(rendered_at IS NULL) = (sha256 IS NULL)", name="rendered"),
        CheckConstraint("state IN ('queued', 'rendering', 'ready', 'failed')", name="state"),
        Index("ix_report_queue", "id", **only_where("state = 'queued'")),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    first_day: Mapped[Day]
    last_day: Mapped[Day]
    language: Mapped[Code]
    requested_by: Mapped[str] = mapped_column(String(200))
    requested_at: Mapped[Moment]
    state: Mapped[Code] = mapped_column(default="queued")
    owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[Moment | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(1000), default="")
    rendered_at: Mapped[Moment | None]
    data_at: Mapped[Moment | None]
    """The moment of the newest fact in it."""
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    sha256: Mapped[str | None] = mapped_column(String(64))
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts up when it is made again without the words of somebody who was erased."""
    channel: Mapped[Code] = mapped_column(default="", server_default="")
    answered_in: Mapped[Code] = mapped_column(default="", server_default="")
    """Only who hears by this channel, or answered in this language; empty: everybody."""
    survey: Mapped[Survey] = relationship()

    @property
    def only(self) -> Narrowed:
        return Narrowed(self.channel, self.answered_in)
