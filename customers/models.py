"""Who they are: one person, several addresses."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import Code, OrganisationAhead, OrganisationId, Short, only_where


class Customer(Base):
    """A person as one organisation knows them."""

    __tablename__ = "customer"
    __table_args__ = (
        Index("ix_customer_merged", "merged_into_id", **only_where("merged_into_id IS NOT NULL")),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    name: Mapped[Short] = mapped_column(default="")
    language: Mapped[Code] = mapped_column(default="")
    created_at: Mapped[Moment]
    erased_at: Mapped[Moment | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    """Who they turned out to be: never somebody who was merged as well."""
    identities: Mapped[list["Identity"]] = relationship(back_populates="customer", order_by="Identity.id")
    same: Mapped[list["Customer"]] = relationship(order_by="Customer.id", viewonly=True)
    """Who turned out to be this person."""


class Identity(Base):
    """One address of a person. *Claimed* until its owner proved it; `key` is what is compared."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "key"),
        CheckConstraint("kind IN ('mail', 'phone', 'number', 'post')", name="kind"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    kind: Mapped[Code]
    value: Mapped[str] = mapped_column(String(320))
    key: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[Moment]
    proved_at: Mapped[Moment | None]
    customer: Mapped[Customer] = relationship(back_populates="identities")
