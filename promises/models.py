"""What is owed: a promise says what, who and when, is announced once and ended once."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, func
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Staff
from core.db import Base, Day, Id, Moment
from core.models import Code, OrganisationId, only_where
from outbox.models import Message
from surveys.models_responses import Response

KINDS = ("update", "outcome")
"""update: "you hear from us by then", kept by any honest word. outcome: "this is what came of it", kept only by a deed."""
ENDS = ("told", "moved", "cancelled")
CAUSES = (
    "answer",
    "no_news",
    "moved",
    "not_clear",
    "not_solved",
    "reply",
    "correction",
    "more",
    "planned",
    "progress",
)
HOW = (
    "done",
    "planned",
    "wont_do",
    "already",
    "thanks",
    "digest",
    "no_news",
    "default",
    "correction",
    "moved",
    "receipt",
    "progress",
)
GOES_ON = ("no_news", "progress")
"""Endings that say when there is more: without the next promise a row is missing."""


class Promise(Base):
    """We owe this response a word: what (a kind), who, when, by which channel. Never edited."""

    __tablename__ = "promise"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"because IN {CAUSES}", name="because"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended"),
        CheckConstraint(f"ended_as IS NULL OR ended_as IN {ENDS}", name="ended_as"),
        Index("ix_promise_open", "organisation_id", "due_at", **only_where("ended_at IS NULL")),
        Index("uq_promise_one_open", "response_id", unique=True, **only_where("ended_at IS NULL")),
        Index("ix_promise_open_who", "who_id", "due_at", **only_where("ended_at IS NULL")),
        Index("ix_promise_response_id", "response_id", "id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    kind: Mapped[Code]
    because: Mapped[Code]
    who_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    channel: Mapped[Code]
    due_at: Mapped[Moment]
    due_on: Mapped[Day | None]
    """The local date of a promise in days; its end is `due_at`. None for one in hours."""
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("promise.id"), unique=True)
    moves: Mapped[int] = mapped_column(default=0)
    """How often the chain that leads here was moved."""
    opened_at: Mapped[Moment]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    """Why its predecessor was moved, or how it stood then, in words the respondent reads."""
    ended_at: Mapped[Moment | None]
    ended_as: Mapped[Code | None]
    response: Mapped[Response] = relationship()
    who: Mapped[Staff] = relationship()
    updates: Mapped[list["Update"]] = relationship(back_populates="promise", order_by="Update.id")

    @hybrid_property
    def is_open(self) -> bool:
        return self.ended_at is None

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> Any:
        return cls.ended_at.is_(None)

    @hybrid_property
    def is_cancelled(self) -> bool:
        """Ended without a word: nobody ever heard of it, and nobody waits for it."""
        return self.ended_as == "cancelled"

    @is_cancelled.inplace.expression
    @classmethod
    def _is_cancelled(cls) -> Any:
        return func.coalesce(cls.ended_as, "") == "cancelled"

    def is_late(self, now: datetime) -> bool:
        return (self.ended_at or now) > self.due_at


class Update(Base):
    """Why one respondent hears one thing: the receipt of a promise, or its ending.

    It rides in a message, or stands on the respondent's page (`channel` = page, no message). The message
    row may be gone, by hand; `message_key` then still says which one it was.
    """

    __tablename__ = "promise_update"
    __table_args__ = (
        UniqueConstraint("promise_id", "kind"),
        CheckConstraint("kind IN ('receipt', 'ending')", name="kind"),
        CheckConstraint(f"how IN {HOW}", name="how"),
        CheckConstraint("channel <> 'page' OR message_id IS NULL", name="page_has_no_message"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"))
    kind: Mapped[Code]
    how: Mapped[Code]
    channel: Mapped[Code]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), index=True)
    message_key: Mapped[str | None] = mapped_column(String(32))
    words: Mapped[str] = mapped_column(Text, default="")
    """What it says, as it stands on the respondent's page."""
    composed_at: Mapped[Moment]
    promise: Mapped[Promise] = relationship(back_populates="updates")
    message: Mapped[Message | None] = relationship()
