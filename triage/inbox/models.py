"""What a colleague saved to look at again: filters of the inbox under a name."""

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment
from core.models import OrganisationAhead


class SavedView(Base):
    """Seen by whoever saved it; shared, by every colleague."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("uq_saved_view_name", "organisation_id", "staff_id", "key", unique=True),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(240))
    """The name as it is compared: one of each a person."""
    filters: Mapped[dict[str, str]] = mapped_column(JSON)
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]
