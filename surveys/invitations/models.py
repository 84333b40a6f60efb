"""Who is asked: a list of people as somebody gave it, and a personal link for each of them."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Day, Id, Moment
from core.models import Code, OrganisationId, Short, only_where
from customers.models import Identity
from outbox.models import Message
from surveys.models import Survey
from surveys.models_responses import Response

_TO_WRITE = only_where("written_at IS NULL AND withdrawn_at IS NULL")
_TO_REMIND = only_where("reminded_at IS NULL AND answered_on IS NULL AND withdrawn_at IS NULL")


class InvitationList(Base):
    """People to be asked, as they were given: read first, confirmed, released, and then invited some at a time."""

    __tablename__ = "invitation_list"
    __table_args__ = (
        CheckConstraint("released_at IS NULL OR confirmed_at IS NOT NULL", name="confirmed_before_released"),
        CheckConstraint("released_at IS NULL OR refused_at IS NULL", name="released_or_refused"),
        CheckConstraint("refused_at IS NULL OR reason <> ''", name="no_has_a_reason"),
        CheckConstraint("taken >= 0 AND left_out >= 0", name="counts"),
        Index("ix_invitation_list_open", "id", **only_where("finished_at IS NULL")),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    made_by: Mapped[Short]
    made_at: Mapped[Moment]
    people: Mapped[int]
    """How many of them can be asked."""
    rows: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Those who can, as [mail, name, language, customer number, moment of sending]; emptied once they are invited."""
    problems: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Those who cannot, as [line, what stands there, why]: the first of them, until it is finished."""
    refused_rows: Mapped[int] = mapped_column(default=0)
    """How many cannot."""
    question: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """language → the survey's first question, as its mail asks it."""
    usual: Mapped[int | None]
    """Messages of a usual day, where this is so many more that a manager looks first."""
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_by: Mapped[Short] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(String(1000), default="")
    """Why a manager refused it: whoever asked reads it."""
    confirmed_at: Mapped[Moment | None]
    released_at: Mapped[Moment | None]
    """From then on they are invited; None while a manager looks first."""
    refused_at: Mapped[Moment | None]
    taken: Mapped[int] = mapped_column(default=0)
    """How many of the rows were dealt with."""
    left_out: Mapped[int] = mapped_column(default=0)
    """How many of these were not invited after all, since something had changed."""
    finished_at: Mapped[Moment | None]
    survey: Mapped[Survey] = relationship()

    @property
    def state(self) -> str:
        """read, waiting, refused, sending or finished"""
        if self.finished_at and not self.refused_at:
            return "finished"
        if not self.confirmed_at:
            return "read"
        return "refused" if self.refused_at else "sending" if self.released_at else "waiting"


class Invitation(Base):
    """A personal link to a survey, mailed to one address: good for one answer.

    For an anonymous answer only the day is kept: nothing leads from here to the answer, or back.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("list_id", "identity_id"),
        UniqueConstraint("response_id"),
        CheckConstraint("response_id IS NULL OR answered_on IS NOT NULL", name="answered"),
        CheckConstraint("reminder_id IS NULL OR reminded_at IS NOT NULL", name="reminded"),
        Index("ix_invitation_survey", "survey_id", "id"),
        Index("ix_invitation_to_write", "send_at", **_TO_WRITE),
        Index("ix_invitation_to_remind", "written_at", **_TO_REMIND),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    list_id: Mapped[int] = mapped_column(ForeignKey("invitation_list.id"))
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id"), index=True)
    """None: they were erased."""
    language: Mapped[Code]
    named: Mapped[bool] = mapped_column(default=False)
    """Whoever gave the list called them so; a name that a stranger typed beside an address is not repeated to it."""
    link_version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[Moment]
    send_at: Mapped[Moment]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), index=True)
    """The mail that asked, the last one where it was sent again by hand."""
    written_at: Mapped[Moment | None]
    reminded_at: Mapped[Moment | None]
    """When it was decided about a reminder: also where none was sent, since they had left."""
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), index=True)
    answered_on: Mapped[Day | None]
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    withdrawn_at: Mapped[Moment | None]
    list: Mapped[InvitationList] = relationship()
    survey: Mapped[Survey] = relationship()
    identity: Mapped[Identity | None] = relationship()
    message: Mapped[Message | None] = relationship(foreign_keys=message_id)
    reminder: Mapped[Message | None] = relationship(foreign_keys=reminder_id)
    response: Mapped[Response | None] = relationship()
