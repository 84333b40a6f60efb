"""The pictures of organisations. One that was used is never changed or deleted: a report may be made again with it."""

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment
from core.models import OrganisationAhead


class Logo(Base):
    """As it is printed, and small, as it stands in pages; both PNG, redrawn by us. `Organisation.logo` names one."""

    __tablename__ = "logo"
    __table_args__ = (UniqueConstraint("organisation_id", "sha256"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    sha256: Mapped[str] = mapped_column(String(64))
    """Of what is printed."""
    printed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    shown: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[Moment]
