"""What was told in an update, what the respondent said to it, and the large steps that wait for a manager."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import audit
from core.db import Base, Day, Id, Moment
from core.models import Code, OrganisationAhead, OrganisationId, Short, only_where
from outbox.models import Message
from promises.models import Promise, Update
from surveys.models import Round
from surveys.models_responses import Response
from triage.models import Action, Tag

STEPS = ("tags", "done", "correction", "digest")
"""What a person does that may reach many at once."""
BECAUSE = ("size", "words")
"""Why it waits: it reaches many, or a survey wants that a manager reads words first."""


class Told(Base):
    """One tag told in one update, with the kind and the date as this respondent read them.

    The first date a respondent was told about an action is what its deed is measured against.
    """

    __tablename__ = "told"
    __table_args__ = (UniqueConstraint("update_id", "tag_id"),)

    id: Mapped[Id]
    update_id: Mapped[int] = mapped_column(ForeignKey("promise_update.id"))
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), index=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    kind: Mapped[Code]
    due_on: Mapped[Day | None]
    done_on: Mapped[Day | None]
    told_on: Mapped[Day | None]
    """The local day on which it was told; unknown for what was told before this was kept."""
    update: Mapped[Update] = relationship()
    tag: Mapped[Tag] = relationship()
    action: Mapped[Action] = relationship()


class Verdict(Base):
    """The respondent's word on what they were told: clear or not, solved or not. The last one counts."""

    __tablename__ = "verdict"
    __table_args__ = (
        UniqueConstraint("nonce"),
        CheckConstraint("clear IS NOT NULL OR solved IS NOT NULL", name="says_something"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    promise_id: Mapped[int | None] = mapped_column(ForeignKey("promise.id"))
    nonce: Mapped[str] = mapped_column(String(64))
    clear: Mapped[bool | None]
    solved: Mapped[bool | None]
    words: Mapped[str] = mapped_column(Text, default="")
    emotion: Mapped[Code | None]
    """How they feel about it now, after an outcome; one of triage.models.EMOTIONS."""
    phone: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """Where they may be called, after a second no."""
    created_at: Mapped[Moment]
    response: Mapped[Response] = relationship()
    promise: Mapped[Promise | None] = relationship()


class Alert(Base):
    """One manager was warned on one day of what falls due: at most once a day."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("organisation_id", "staff_id", "on_day"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    on_day: Mapped[Day]
    written_at: Mapped[Moment]


class CheckBack(Base):
    """Asked once more, weeks after they were told, when the fix can be felt: once a response and action.

    An invitation, not an update: it owes nothing. Without a message it stands on their page only.
    """

    __tablename__ = "check_back"
    __table_args__ = (UniqueConstraint("response_id", "action_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[Moment]
    message: Mapped[Message | None] = relationship()


large_step_tag = Table(
    "large_step_tag",
    Base.metadata,
    Column("tag_id", ForeignKey("tag.id"), primary_key=True),
    Column("step_id", ForeignKey("large_step.id"), index=True, nullable=False),
)
"""The tags of a step: those that wait for its decision, or those that it made once it was approved."""


class LargeStep(Base):
    """A step that reaches so many people that a manager looks first: who asked, what, how many, when; and the decision.

    `action` is what is told: tagged, done, or what puts another right. A digest has its round instead.
    """

    __tablename__ = "large_step"
    __table_args__ = (
        CheckConstraint(f"kind IN {STEPS}", name="kind"),
        CheckConstraint(f"because IN {BECAUSE}", name="because"),
        CheckConstraint("(kind = 'digest') = (round_id IS NOT NULL)", name="digest_has_a_round"),
        CheckConstraint("(kind = 'digest') = (action_id IS NULL)", name="others_have_an_action"),
        CheckConstraint("(decided_at IS NULL) = (decided_as IS NULL)", name="decided"),
        CheckConstraint("decided_as IS NULL OR decided_as IN ('approved', 'refused')", name="decided_as"),
        CheckConstraint(
            "decided_as IS NULL OR decided_as <> 'refused' OR reason <> ''", name="no_has_a_reason"
        ),
        CheckConstraint("carried_at IS NULL OR decided_at IS NOT NULL", name="decided_before_carried"),
        Index("uq_large_step_round", "round_id", unique=True, **only_where("decided_at IS NULL")),
        Index(
            "uq_large_step_action",
            "action_id",
            unique=True,
            **only_where("decided_at IS NULL AND kind <> 'tags'"),
        ),
        Index("ix_large_step_list", "organisation_id", "id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    kind: Mapped[Code]
    because: Mapped[Code] = mapped_column(default="size", server_default="size")
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    done_on: Mapped[Day | None]
    messages: Mapped[int]
    """How many it would queue that do not fall due on the day it was asked."""
    usual: Mapped[int]
    """Messages on a usual day, as they were then."""
    asked_by: Mapped[Short]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[Moment]
    decided_at: Mapped[Moment | None]
    decided_as: Mapped[Code | None]
    decided_by: Mapped[Short] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(String(1000), default="")
    """Why it was refused: whoever asked reads it."""
    carried_at: Mapped[Moment | None]
    """When the last of those it reaches was given its tag; None while a tick is at it, or nothing was approved."""
    action: Mapped[Action | None] = relationship()
    round: Mapped[Round | None] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=large_step_tag, order_by="Tag.id")

    @property
    def asker(self) -> str:
        """The name of whoever asked; empty where nobody did by name: a clock writes to nobody."""
        return "" if self.asked_by == audit.CLOCK else self.asked_by


class DigestAlert(Base):
    """Managers were written to about a digest that waits: once a round and local day, whoever ticks."""

    __tablename__ = "digest_alert"
    __table_args__ = (UniqueConstraint("round_id", "day"),)

    id: Mapped[Id]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    day: Mapped[Day]
    due_on: Mapped[Day | None]
    """By when the first of them was promised it, as managers read that day."""
    people: Mapped[int] = mapped_column(default=0, server_default="0")
