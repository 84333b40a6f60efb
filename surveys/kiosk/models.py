"""Tablets on a counter: each has a link of its own, until a manager ends it."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import OrganisationId
from surveys.models import Survey


class Kiosk(Base):
    """One tablet, by where it stands. Its link is computed; whoever has it can answer as the next one in line."""

    __tablename__ = "kiosk"

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    survey: Mapped[Survey] = relationship()
