"""Who is to hear of what by mail, or heard of it: a row for each person and answer, so that nobody hears it twice."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment
from core.models import Code, OrganisationId, only_where


class StaffAlert(Base):
    """`how` as they had chosen it when it was found; `written_at` when it went into a mail, named or counted."""

    __tablename__ = "staff_alert"
    __table_args__ = (
        UniqueConstraint("staff_id", "kind", "response_id"),
        CheckConstraint("how IN ('each', 'daily')", name="how"),
        Index("ix_staff_alert_unwritten", "organisation_id", "staff_id", **only_where("written_at IS NULL")),
        Index("ix_staff_alert_written", "staff_id", "how", "written_at"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[Code]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    how: Mapped[Code]
    found_at: Mapped[Moment]
    written_at: Mapped[Moment | None]
