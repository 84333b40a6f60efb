"""Rewards: a pool of codes a survey with the rule that gives them, and whom each was given. No score anywhere."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Moment
from core.models import Code, OrganisationId, Short, only_where
from surveys.models import Survey

RULES = ("action", "nth", "all")
"""action: an answer that led to one; nth: every so many answers; all: every answer."""
_FREE = only_where("given_at IS NULL")


class Pool(Base):
    """`what`: language → what the code is good for. `low_at`: with fewer left the managers hear."""

    __tablename__ = "reward_pool"
    __table_args__ = (
        UniqueConstraint("survey_id"),
        CheckConstraint(f"rule IN {RULES}", name="rule"),
        CheckConstraint("every > 0 AND low_at >= 0", name="numbers"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    what: Mapped[dict[str, str]] = mapped_column(JSON)
    rule: Mapped[Code]
    every: Mapped[int] = mapped_column(default=1)
    low_at: Mapped[int]
    since: Mapped[Moment]
    stopped_at: Mapped[Moment | None]
    survey: Mapped[Survey] = relationship()


class RewardCode(Base):
    """One code. Given once, and one a person: the database refuses a second of either."""

    __tablename__ = "reward_code"
    __table_args__ = (
        UniqueConstraint("pool_id", "code"),
        UniqueConstraint("pool_id", "person"),
        UniqueConstraint("response_id"),
        CheckConstraint("(given_at IS NULL) = (person IS NULL)", name="given"),
        Index("ix_reward_code_free", "pool_id", "id", **_FREE),
    )

    id: Mapped[Id]
    pool_id: Mapped[int] = mapped_column(ForeignKey("reward_pool.id"))
    code: Mapped[str] = mapped_column(String(100))
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    person: Mapped[str | None] = mapped_column(String(40))
    """Whose it is: a customer's number, or that of an answer nobody is known of."""
    given_at: Mapped[Moment | None]
    given_by: Mapped[Short] = mapped_column(default="")
    pool: Mapped[Pool] = relationship()
