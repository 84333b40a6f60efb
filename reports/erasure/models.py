"""A report that was made again since it quoted somebody who was erased: its old bytes are gone, their number stays."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment


class ReportRevision(Base):
    """What a report was until `replaced_at`, and why it is not any more. `number` counts from 1."""

    __tablename__ = "report_revision"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        CheckConstraint("reason IN ('erased')", name="reason"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(40))
    rendered_at: Mapped[Moment]
    replaced_at: Mapped[Moment]
