"""What somebody began to answer and has not sent: no response, owed nothing, and gone after a while."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Day, Id, Moment
from core.models import Code, OrganisationId
from surveys.models import Survey
from surveys.models_responses import Response


class Unfinished(Base):
    """An answer under way, under a link of its own. Its words go when it is sent; the row leads to the response for a while."""

    __tablename__ = "unfinished"
    __table_args__ = (UniqueConstraint("survey_id", "nonce"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"), index=True)
    """What it became."""
    language: Mapped[Code]
    nonce: Mapped[str] = mapped_column(String(64))
    """Of the page on which it was begun, which counts once."""
    link_version: Mapped[int]
    """Drawn by lot: a number that is used again must not open what somebody else began."""
    fields: Mapped[list[Any]] = mapped_column(JSON)
    """(name, value) of each part of the form, as it was typed"""
    address_key: Mapped[str | None] = mapped_column(String(320), index=True)
    """The mail address in it, as it is compared: by this it is erased."""
    begun_at: Mapped[Moment]
    changed_at: Mapped[Moment] = mapped_column(index=True)
    survey: Mapped[Survey] = relationship()
    response: Mapped[Response | None] = relationship()


class Abandoned(Base):
    """How many began to answer a survey on a local day and never sent it: all that is left of what was forgotten."""

    __tablename__ = "survey_abandoned"
    __table_args__ = (CheckConstraint("n > 0", name="counts"),)

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    day: Mapped[Day] = mapped_column(primary_key=True)
    n: Mapped[int]
