"""A plan whose date moves for many people, some of them at a time."""

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Day, Id, Moment
from core.models import OrganisationId, Short, only_where
from triage.models import Action


class PlanMove(Base):
    """One move of one plan: from which date to which, why, and how far it is."""

    __tablename__ = "plan_move"
    __table_args__ = (
        Index("uq_plan_move_unfinished", "action_id", unique=True, **only_where("finished_at IS NULL")),
    )  # fmt: skip

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    from_on: Mapped[Day]
    to_on: Mapped[Day]
    reasons: Mapped[dict[str, str]] = mapped_column(JSON)
    """language → words"""
    asked_by: Mapped[Short]
    begun_at: Mapped[Moment]
    told_until: Mapped[int]
    """The last row of what was told when it began: whoever is told the plan later reads the new date at once."""
    last_response_id: Mapped[int] = mapped_column(default=0)
    """Answers are moved in the order of their numbers: up to here they are."""
    finished_at: Mapped[Moment | None]
    action: Mapped[Action] = relationship()
