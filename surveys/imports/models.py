"""Answers that came in elsewhere: a file of them, and how far it is. None of its rows is there before the last one."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import Code, OrganisationId, Short, only_where
from surveys.models import Survey

WAYS = ("history", "follow_up", "by_age")
"""Nobody is told; everybody is; or whoever answered longer ago than the reply time is not."""
_OPEN = "finished_at IS NULL AND cancelled_at IS NULL AND failed IS NULL"


class Import(Base):
    """One file for one survey: who asked, what each column says, what was found in it, and when it was put in."""

    __tablename__ = "survey_import"
    __table_args__ = (
        CheckConstraint(f"way IN {WAYS}", name="way"),
        CheckConstraint("finished_at IS NULL OR put_in IS NOT NULL", name="finished_has_a_number"),
        CheckConstraint("approved_at IS NULL OR wanted_at IS NOT NULL", name="wanted_before_approved"),
        Index("ix_survey_import_open", "id", **only_where(_OPEN)),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    name: Mapped[Short]
    way: Mapped[Code]
    header: Mapped[list[str]] = mapped_column(JSON)
    chosen: Mapped[list[str]] = mapped_column(JSON)
    """What each column says: a field, or question:key; empty: nothing."""
    asked_by: Mapped[Short]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[Moment]
    chosen_at: Mapped[Moment | None]
    """When the columns were settled: from then on a tick looks at every row."""
    looked: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    """Rows that are there already."""
    messages: Mapped[int] = mapped_column(default=0)
    """People who will be written to."""
    checked_at: Mapped[Moment | None]
    wanted_at: Mapped[Moment | None]
    """When somebody said that it is to be put in."""
    usual: Mapped[int | None]
    """Messages of a usual day, where these are so many more that a manager looks first."""
    approved_at: Mapped[Moment | None]
    decided_by: Mapped[Short] = mapped_column(default="")
    put_in: Mapped[int | None]
    finished_at: Mapped[Moment | None]
    cancelled_at: Mapped[Moment | None]
    failed: Mapped[str | None] = mapped_column(String(500))
    """Why it cannot be done."""
    survey: Mapped[Survey] = relationship()

    @property
    def left_out(self) -> list[str]:
        """Columns of which nothing is put in."""
        return [name for name, field in zip(self.header, self.chosen, strict=False) if name and not field]

    @property
    def state(self) -> str:
        """columns, checking, checked, waiting, putting_in, in, cancelled or failed"""
        if self.cancelled_at or self.failed:
            return "cancelled" if self.cancelled_at else "failed"
        if self.finished_at:
            return "in"
        if self.wanted_at:
            return "putting_in" if self.usual is None or self.approved_at else "waiting"
        return "checked" if self.checked_at else "checking" if self.chosen_at else "columns"


class ImportFile(Base):
    """The bytes, and those of the rows that were refused; both are emptied some days after the end."""

    __tablename__ = "survey_import_file"

    import_id: Mapped[int] = mapped_column(ForeignKey("survey_import.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    refused: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
