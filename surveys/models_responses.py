"""What somebody answered, and how they want to hear what comes of it."""

from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import Code, OrganisationId, only_where
from customers.models import Customer, Identity
from outbox.channels import OFFERED
from surveys.models import Question, Round, Survey, Version

CHANNELS = ("mail", "page", *OFFERED)
"""How somebody is told: by mail, on their own page, or in a way that their organisation offers."""

OTHERWISE = ("", "mail", "page")
"""How else, where that does not reach them: only as they allowed."""

SOURCES = ("web", "api", "import", "phone", "kiosk")
"""`phone`: a colleague typed what a customer said there. `kiosk`: on a tablet of the organisation's."""

KEPT_APART = ""
"""What a fresh answer names belongs to no session (`surveys.met`, `surveys.versions`): nothing may draw it into one."""


class Response(Base):
    """One submission. Counted from the moment it is submitted, unless it is a test."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("survey_id", "nonce"),
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        CheckConstraint(
            "channel = 'page' OR identity_id IS NOT NULL OR erased_at IS NOT NULL", name="address"
        ),
        CheckConstraint("genuine_at IS NULL OR suspect_at IS NOT NULL", name="genuine_was_suspect"),
        CheckConstraint(
            "machine_at IS NULL OR (suspect_at IS NOT NULL AND genuine_at IS NULL)",
            name="machine_is_not_genuine",
        ),
        CheckConstraint("NOT past_time OR erased_at IS NOT NULL", name="past_time"),
        Index("ix_response_time", "survey_id", "submitted_at"),
        Index("ix_response_suspect", "survey_id", **only_where("suspect_at IS NOT NULL")),
        Index("ix_response_identity", "identity_id", **only_where("identity_id IS NOT NULL")),
        Index("ix_response_kiosk", "kiosk_id", **only_where("kiosk_id IS NOT NULL")),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_version.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id"))
    channel: Mapped[Code]
    otherwise: Mapped[Code] = mapped_column(default="", server_default="")
    """How they may be told where their channel does not reach them: one of OTHERWISE."""
    language: Mapped[Code]
    source: Mapped[Code] = mapped_column(default="web")
    kiosk_id: Mapped[int | None] = mapped_column(ForeignKey("kiosk.id"))
    """The tablet it came from (`surveys.kiosk.kiosks`); None where it came otherwise, or nobody is to be known."""
    nonce: Mapped[str] = mapped_column(String(64))
    link_version: Mapped[int] = mapped_column(default=1)
    score: Mapped[int | None]
    """The answer to the first question on a scale, as it stands now."""
    submitted_at: Mapped[Moment]
    received_at: Mapped[Moment]
    is_test: Mapped[bool] = mapped_column(default=False)
    suspect_at: Mapped[Moment | None]
    """A machine may have sent it: it is kept and owed a word, and stands in no figure until a colleague says whose it is."""
    genuine_at: Mapped[Moment | None]
    """When a colleague said that a person sent it."""
    machine_at: Mapped[Moment | None]
    """When a colleague said that a machine did."""
    corrected_at: Mapped[Moment | None]
    """When whoever gave it last said something else."""
    declined_at: Mapped[Moment | None]
    """ "You need not report back." """
    history: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[Moment | None]
    """When its words, and whose they were, were forgotten."""
    past_time: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Nobody asked for that: it was kept as long as its organisation says. What they were told stays told."""
    survey: Mapped[Survey] = relationship(cascade=KEPT_APART)
    version: Mapped[Version] = relationship()
    round: Mapped[Round] = relationship()
    customer: Mapped[Customer | None] = relationship()
    identity: Mapped[Identity | None] = relationship()
    answers: Mapped[list["Answer"]] = relationship(back_populates="response", order_by="Answer.id")

    @property
    def anonymous(self) -> bool:
        return self.identity_id is None

    @hybrid_property
    def is_sound(self) -> bool:
        """It stands in scores, themes and quotes: no test, and no machine's as far as anybody knows."""
        return not self.is_test and (self.suspect_at is None or self.genuine_at is not None)

    @is_sound.inplace.expression
    @classmethod
    def _is_sound(cls) -> Any:
        return cls.is_test.is_(False) & (cls.suspect_at.is_(None) | cls.genuine_at.is_not(None))

    @hybrid_property
    def is_erased(self) -> bool:
        """Whoever gave it asked to be forgotten."""
        return self.erased_at is not None and not self.past_time

    @is_erased.inplace.expression
    @classmethod
    def _is_erased(cls) -> Any:
        return cls.erased_at.is_not(None) & cls.past_time.is_(False)

    @property
    def is_suspect(self) -> bool:
        """Nobody said yet whose it is."""
        return bool(self.suspect_at and not self.genuine_at and not self.machine_at)


class Answer(Base):
    """One value in a response. A correction is a new version; all are kept."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("response_id", "question_id", "version"),)

    id: Mapped[Id]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[float | None] = mapped_column(Float)
    text: Mapped[str | None] = mapped_column(Text)
    said_at: Mapped[Moment | None]
    """Of a later version; None: with the response."""
    response: Mapped[Response] = relationship(back_populates="answers")
    question: Mapped[Question] = relationship(cascade=KEPT_APART)
