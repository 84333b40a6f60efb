"""Work on many comments at once: a row for the whole, one for each comment."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import OrganisationId, only_where
from followup.models import LargeStep
from triage.models import Action

STATES = ("waiting", "running", "held", "done", "cancelling", "cancelled")
UNTIL_FINISHED = timedelta(days=30)
"""A hold that nothing but the end of the work, or a promised day, ends."""


class BulkWork(Base):
    """One action for many comments, by whom and since when. The hold starts when the last comment has it."""

    __tablename__ = "bulk_work"
    __table_args__ = (
        CheckConstraint("cancelled_at IS NULL OR cancelled_at >= begun_at", name="order"),
        Index("ix_bulk_work_unfinished", "id", **only_where("finished_at IS NULL")),
    )  # fmt: skip

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    begun_at: Mapped[Moment]
    hold_seconds: Mapped[int]
    total: Mapped[int]
    messages: Mapped[int]
    """That it will queue and that do not fall due on the day it began."""
    usual: Mapped[int | None]
    """Messages of a usual day, when these are so many more that a manager looks first."""
    finished_at: Mapped[Moment | None]
    """When the last comment had its turn: it has the action, or has lost it again."""
    release_at: Mapped[Moment | None]
    """When the hold ends that started then."""
    cancelled_at: Mapped[Moment | None]
    step_id: Mapped[int | None] = mapped_column(ForeignKey("large_step.id"), index=True)
    """What a manager decides: before it begins about its words, when all have it about how many they are."""
    action: Mapped[Action] = relationship()
    step: Mapped[LargeStep | None] = relationship()

    @property
    def words_step(self) -> LargeStep | None:
        """Where a manager reads its words first."""
        return self.step if self.step and self.step.because == "words" else None

    @property
    def waits(self) -> bool:
        return bool(self.words_step and not self.words_step.decided_at)

    def state(self, now: datetime) -> str:
        if self.cancelled_at:
            return "cancelled" if self.finished_at else "cancelling"
        if self.waits:
            return "waiting"
        if not self.finished_at:
            return "running"
        return "held" if self.release_at and self.release_at > now else "done"


class BulkItem(Base):
    """One comment of it. Its turn has come when `at` is there; no tag then: it had that action already."""

    __tablename__ = "bulk_item"
    __table_args__ = (Index("ix_bulk_item_waiting", "work_id", "comment_id", **only_where("at IS NULL")),)

    work_id: Mapped[int] = mapped_column(ForeignKey("bulk_work.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, index=True)
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id"), index=True)
    at: Mapped[Moment | None]
