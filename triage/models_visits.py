"""Who has a comment open."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Staff
from core.db import Base, Moment


class Visit(Base):
    """A colleague has the page of a comment open since a moment; the page says so again and again, and it lapses when it stops."""

    __tablename__ = "visit"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[Moment]
    seen_at: Mapped[Moment]
    staff: Mapped[Staff] = relationship()
