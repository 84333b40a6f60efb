"""Two customers who turned out to be one person: who said so, when and why, and whether it was taken back."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import OrganisationId, Short, only_where
from customers.models import Customer

_STANDS = only_where("undone_at IS NULL")


class Merge(Base):
    """`customer` is the same person as `into`. No key was moved: answers and addresses lead to whom they led to before."""

    __tablename__ = "customer_merge"
    __table_args__ = (
        CheckConstraint("customer_id <> into_id", name="two"),
        CheckConstraint("undone_at IS NULL OR undone_reason <> ''", name="undone_has_a_reason"),
        Index("uq_customer_merge_stands", "customer_id", unique=True, **_STANDS),
    )  # fmt: skip

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    along: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Whoever had been merged into `customer` before, and came along."""
    reason: Mapped[str] = mapped_column(String(1000))
    by: Mapped[Short]
    at: Mapped[Moment]
    undone_at: Mapped[Moment | None]
    undone_by: Mapped[Short] = mapped_column(default="")
    undone_reason: Mapped[str] = mapped_column(String(1000), default="")
    customer: Mapped[Customer] = relationship(foreign_keys=customer_id)
    into: Mapped[Customer] = relationship(foreign_keys=into_id)
