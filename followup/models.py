"""What was told in an update, and what the respondent said to it."""

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Day, Id, Moment
from core.models import Code, OrganisationId
from outbox.models import Message
from promises.models import Promise, Update
from surveys.models import Response
from triage.models import Action, Tag


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
    organisation_id: Mapped[OrganisationId]
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
