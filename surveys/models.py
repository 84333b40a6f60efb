"""What customers answer: a survey, its published versions and their questions, its rounds, the responses."""

from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Staff
from core.db import Base, Day, Id, Moment
from core.languages import Said, in_language
from core.models import Code, Organisation, OrganisationId
from customers.models import Customer, Identity
from outbox.channels import OFFERED
from surveys.offering import Offer

CHANNELS = ("mail", "page", *OFFERED)
"""How somebody is told: by mail, on their own page, or in a way that their organisation offers."""
OTHERWISE = ("", "mail", "page")
"""How else, where that does not reach them: only as they allowed."""
SOURCES = ("web", "api", "import", "phone", "kiosk")
"""`phone`: a colleague typed what a customer said there. `kiosk`: on a tablet of the organisation's."""
COMMENT_KINDS = ("long_text",)
"""Kinds of question whose answer is work for staff."""
SCALE_KINDS = ("csat", "nps", "ces", "rating")

MAIL_ALONE = Offer()

RECORD_FROM = 30
"""From how many answers on the record is shown."""


class Survey(Base):
    """A survey has a named signer, a deputy where there is one, and a reply time."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint("(reply_working_days IS NULL) <> (reply_hours IS NULL)", name="one_reply_time"),
        CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed_after_opened"),
        CheckConstraint(
            "detractor_bound IS NULL OR detractor_bound BETWEEN 0 AND 10", name="detractor_bound"
        ),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    """language → words"""
    language: Mapped[Code]
    signer_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reply_working_days: Mapped[int | None]
    reply_hours: Mapped[int | None]
    closing_days: Mapped[int | None]
    """After how many days an answer that nobody looked at is closed with `closing_words`; None: never."""
    closing_words: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """language → words"""
    approves_words: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A manager reads what others wrote before anybody is told."""
    detractor_bound: Mapped[int | None]
    """The highest score that alarms; None: as it is usual for the scale."""
    joins_within: Mapped[int] = mapped_column(default=14, server_default="14")
    """Within so many days the same words of one person are offered as one complaint; 0: never."""
    assigning: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """How its new comments are given to colleagues; empty: to nobody. Read and written by `triage.assigning`."""
    turns: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many were given in turn."""
    embed_origins: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Sites that may show it in a frame of theirs; read and written by `surveys.embedding`."""
    anonymous: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Nobody is asked who they are, and nothing that could tell is kept."""
    one_by_one: Mapped[bool] = mapped_column(default=False, server_default=false())
    """One question a page."""
    created_at: Mapped[Moment]
    opened_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]
    organisation: Mapped[Organisation] = relationship()
    signer: Mapped[Staff] = relationship(foreign_keys=signer_id)
    deputy: Mapped[Staff | None] = relationship(foreign_keys=deputy_id)
    versions: Mapped[list["Version"]] = relationship(back_populates="survey", order_by="Version.number")
    along = cast("Along | None", None)
    """What was read in the same statement, of a survey as strangers meet it; in no column."""

    @hybrid_property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> Any:
        return cls.opened_at.is_not(None) & cls.closed_at.is_(None)

    @property
    def state(self) -> str:
        """draft, open or closed"""
        return "open" if self.is_open else "closed" if self.closed_at else "draft"

    @property
    def languages(self) -> list[str]:
        """Languages somebody wrote words for, the survey's own first."""
        return sorted(self.title, key=lambda language: (language != self.language, language))

    def title_in(self, language: str) -> Said:
        """Its title in this language, else in its own."""
        return in_language(self.title, language, self.language)


class Newest(NamedTuple):
    """The version that was published last."""

    id: int
    number: int
    published_at: datetime


class Along(NamedTuple):
    """What a page asks of a survey besides its own row (`surveys.met`)."""

    newest: Newest | None
    record: "Record | None"


class Version(Base):
    """The questions as they were published; immutable from then on, so that answers keep what they saw."""

    __tablename__ = "survey_version"
    __table_args__ = (UniqueConstraint("survey_id", "number"),)

    id: Mapped[Id]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    number: Mapped[int]
    published_at: Mapped[Moment | None]
    survey: Mapped[Survey] = relationship(back_populates="versions")
    offer = MAIL_ALONE
    """How those who are asked may choose to hear; on the copy that is drawn, and in no column."""
    questions: Mapped[list["Question"]] = relationship(back_populates="version", order_by="Question.position")


class Question(Base):
    """One question of a version. `prompt` and `help` hold words per language."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_version.id"))
    key: Mapped[Code]
    position: Mapped[int]
    kind: Mapped[Code]
    """A file in surveys/kinds/."""
    prompt: Mapped[dict[str, str]] = mapped_column(JSON)
    help: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    required: Mapped[bool] = mapped_column(default=False)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[Version] = relationship(back_populates="questions")


class Round(Base):
    """A survey's period: a calendar month. Its digest is "you said, we did"."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("survey_id", "starts_on"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    digest: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """language → the words of "you said, we did" """
    approved_at: Mapped[Moment | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    survey: Mapped[Survey] = relationship()


class Record(Base):
    """What came of the answers of a survey's last month, or of its last twelve: what whoever is asked next reads first.

    The clock counts it; a page reads this one row. None where fewer than `RECORD_FROM` people answered.
    """

    __tablename__ = "survey_record"
    __table_args__ = (
        CheckConstraint(f"responses >= {RECORD_FROM}", name="enough"),
        CheckConstraint("told BETWEEN 0 AND responses AND changed BETWEEN 0 AND told", name="people"),
        CheckConstraint("dates_kept BETWEEN 0 AND dates", name="dates"),
    )

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    first_day: Mapped[Day]
    last_day: Mapped[Day]
    responses: Mapped[int]
    told: Mapped[int]
    changed: Mapped[int]
    """Heard that something changed, or will."""
    dates_kept: Mapped[int]
    dates: Mapped[int]
    """Dates that people were told and that fell in these days."""
    counted_at: Mapped[Moment]


KEPT_APART = ""
"""What a fresh answer names belongs to no session (`surveys.met`, `surveys.versions`): nothing may draw it into one."""


def _where(condition: str) -> dict[str, Any]:
    return {f"{database}_where": text(condition) for database in ("sqlite", "postgresql")}


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
        Index("ix_response_suspect", "survey_id", **_where("suspect_at IS NOT NULL")),
        Index("ix_response_kiosk", "kiosk_id", **_where("kiosk_id IS NOT NULL")),
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
    """The tablet it came from (`surveys.kiosks`); None where it came otherwise, or nobody is to be known."""
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
