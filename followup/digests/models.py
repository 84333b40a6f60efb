"""What a digest tells and shows, what was put right in it, and who heard so."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Day, Id, Moment
from core.models import Code, only_where
from surveys.models import Round
from triage.models import Action


class DigestAction(Base):
    """The words of a digest tell this action: whoever hears the one has heard of the other.

    Kind and date are those that held when the words were written, as their readers read them.
    """

    __tablename__ = "digest_action"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True, index=True)
    kind: Mapped[Code]
    due_on: Mapped[Day | None]


class PublishedAction(Base):
    """An action that stands on the public page of a round: whoever approved the digest read its words for that."""

    __tablename__ = "published_action"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True)


class DigestCorrection(Base):
    """What stood in a digest that people were told holds no more: `action` says what does, to everybody who heard it.

    Another action than the one that stood there puts it right; the same one is a plan of which the outcome is there.
    """

    __tablename__ = "digest_correction"
    __table_args__ = (
        UniqueConstraint("round_id", "wrong_id", "action_id"),
        Index("ix_digest_correction_open", "round_id", **only_where("carried_at IS NULL")),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    wrong_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    """The action whose words stood there, also where what put it right was put right once more."""
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    made_at: Mapped[Moment]
    carried_at: Mapped[Moment | None]
    """When nobody was left who did not know; None while a tick is at it."""
    round: Mapped[Round] = relationship()
    wrong: Mapped[Action] = relationship(foreign_keys=wrong_id)
    action: Mapped[Action] = relationship(foreign_keys=action_id)

    @property
    def is_outcome(self) -> bool:
        """Nothing was wrong: what was planned is done."""
        return self.wrong_id == self.action_id


class HeardRight(Base):
    """Somebody who heard a digest heard in this update what holds now: each kind of it once, whichever clock told them."""

    __tablename__ = "heard_right"

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True)
    kind: Mapped[Code] = mapped_column(primary_key=True)
    """As they read it: a plan that put something right is told once more when it is done; `moved`: a plan of the digest got another date."""
    update_id: Mapped[int] = mapped_column(ForeignKey("promise_update.id"))
    due_on: Mapped[Day | None]
    """The date of a plan as they read it."""
    told_on: Mapped[Day | None]
