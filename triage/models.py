"""What staff work with: comments, themes, actions, and the tags between comment and action."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Staff
from core.db import Base, Day, Id, Moment
from core.models import Code, OrganisationAhead, OrganisationId, only_where
from surveys.emotions import EMOTIONS as FELT
from surveys.models_responses import Answer, Response
from triage import standing
from triage.themes.models import Theme, comment_theme

EMOTIONS = tuple(FELT)
"""In the order in which people are helped."""
THREATS = ("self_harm", "violence", "person", "legal")
"""The gravest first; legal steps are threatened with too, and harm nobody."""
KINDS = ("done", "planned", "wont_do", "already", "thanks")

PASSED_ON = only_where("passed_on_at IS NOT NULL")
TO_PASS_ON = only_where("thanks_to_id IS NOT NULL AND passed_on_at IS NULL AND withdrawn_at IS NULL")
UNTOLD = only_where("withdrawn_at IS NULL AND told_at IS NULL")


class Comment(Base):
    """A text answer as work. The words themselves live once, in Answer."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint(f"emotion IS NULL OR emotion IN {EMOTIONS}", name="emotion"),
        CheckConstraint("emotion IS NOT NULL OR NOT emotion_theirs", name="their_emotion"),
        CheckConstraint(f"threat IS NULL OR threat IN {THREATS}", name="threat"),
        CheckConstraint("(threat IS NULL) = (threat_at IS NULL)", name="threat_has_a_moment"),
        CheckConstraint("threat_cleared_at IS NULL OR threat IS NOT NULL", name="cleared_threat"),
        Index("ix_comment_list", "organisation_id", "id"),
        Index("ix_comment_created", "organisation_id", "created_at"),
        Index("ix_comment_complaint", "complaint_id", **only_where("complaint_id IS NOT NULL")),
        Index("ix_comment_threat", "organisation_id", "threat_at", **only_where("threat_at IS NOT NULL")),
        Index("ix_comment_escalated", "organisation_id", "id", **only_where("escalated_at IS NOT NULL")),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answer.id"), unique=True)
    """None: a bare score that came back, "not clear" or "not solved"; its words are in the verdict."""
    emotion: Mapped[Code | None]
    """As the customer said it, or as staff decided; what its words suggest is not kept (`triage.feeling`)."""
    emotion_theirs: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It is the customer's own word."""
    threat: Mapped[Code | None]
    """The kind of threat that rules found in what they wrote last."""
    threat_at: Mapped[Moment | None]
    threat_cleared_at: Mapped[Moment | None]
    """When a manager said that it is none."""
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[Moment]
    reopened_at: Mapped[Moment | None]
    """When the respondent last said it was not solved, not clear, or wrote back."""
    escalated_at: Mapped[Moment | None]
    """When it was not solved a second time, or held a threat: a manager's work from then on."""
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    """The comment that stands on the desk for all that say the same, also of that one itself; None: nothing else does (`triage.joining`)."""
    response: Mapped[Response] = relationship()
    answer: Mapped[Answer | None] = relationship()
    complaint: Mapped["Comment | None"] = relationship(remote_side="Comment.id", viewonly=True)
    said_also: Mapped[list["Comment"]] = relationship(order_by="Comment.id", viewonly=True)
    """All that it stands for, itself among them; none where it stands for itself alone."""
    assignee: Mapped[Staff | None] = relationship()
    themes: Mapped[list[Theme]] = relationship(secondary=comment_theme, order_by="Theme.key")
    tags: Mapped[list["Tag"]] = relationship(back_populates="comment", order_by="Tag.id")

    @property
    def text(self) -> str:
        return (self.answer and self.answer.text) or ""

    @property
    def stands_elsewhere(self) -> bool:
        """Another comment stands on the desk for it."""
        return self.complaint_id not in {None, self.id}

    @property
    def threatens(self) -> str:
        """The kind of threat that stands; empty where there is none, or a manager said so."""
        return "" if self.threat_cleared_at else self.threat or ""

    @property
    def live_tags(self) -> list["Tag"]:
        """The tags that hold since it was last reopened."""
        return standing.live(self.tags, self.reopened_at)

    def state(self, now: datetime) -> str:
        """open (needs a person), held (can be undone), settled (released)"""
        return standing.state(self.live_tags, now)


def is_dateless(moves: int) -> bool:
    """Moved a second time: no date yet, only the next update."""
    return moves > 1


class Action(Base):
    """Something done, planned, or decided against: what, who, when, and the public words per language."""

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("kind <> 'done' OR done_on IS NOT NULL", name="done_has_a_day"),
        CheckConstraint("kind <> 'planned' OR due_on IS NOT NULL", name="planned_has_a_day"),
        CheckConstraint("kind <> 'wont_do' OR reason <> ''", name="no_has_a_reason"),
        CheckConstraint("signed_by_id IS NULL OR comment_id IS NOT NULL", name="signed_is_personal"),
        Index("ix_action_list", "organisation_id", "id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationAhead]
    kind: Mapped[Code]
    title: Mapped[str] = mapped_column(String(200))
    public_note: Mapped[dict[str, str]] = mapped_column(JSON)
    """language → what respondents read"""
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    due_on: Mapped[Day | None]
    done_on: Mapped[Day | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    overrule: Mapped[str] = mapped_column(String(1000), default="")
    """Why words were kept that the writing aid would block."""
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    """The action that was told wrongly, which this one puts right."""
    moves: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often its date was moved; from the second time on it has no date, and `due_on` is the last one told."""
    waiting_for: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """The third party it waits for, language → words respondents read; empty when it waits for nobody."""
    waiting_since: Mapped[Day | None]
    ask_again_on: Mapped[Day | None]
    check_back_days: Mapped[int] = mapped_column(default=28, server_default="28")
    """After how many days those who were told are asked once more whether it helped."""
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    """A personal message: it answers this comment and no other, and stands in no list of actions."""
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who wrote a personal message, and signs it."""
    created_at: Mapped[Moment]
    approved_at: Mapped[Moment | None]
    """When a manager had read its words, or wrote them; asked where a survey wants that (`followup.approving`)."""
    withdrawn_at: Mapped[Moment | None]
    owner: Mapped[Staff] = relationship(foreign_keys=owner_id)
    signed_by: Mapped[Staff | None] = relationship(foreign_keys=signed_by_id)
    theme: Mapped[Theme | None] = relationship()

    @property
    def dateless(self) -> bool:
        return is_dateless(self.moves)

    @property
    def day(self) -> date | None:
        """The day by which it will be done, while there is one."""
        return None if self.dateless else self.due_on


class Tag(Base):
    """ "This was done about that", by whom and when. Told after `release_at`; until then it can be undone."""

    __tablename__ = "tag"
    __table_args__ = (
        CheckConstraint("release_at >= tagged_at", name="hold"),
        Index("uq_tag_untold", "comment_id", "action_id", unique=True, **UNTOLD),
        Index("ix_tag_untold", "release_at", **UNTOLD),
        CheckConstraint("told_at IS NULL OR withdrawn_at IS NULL", name="told_is_never_undone"),
        Index("uq_tag_passed_on", "comment_id", "thanks_to_id", unique=True, **PASSED_ON),
        Index("ix_tag_to_pass_on", "release_at", **TO_PASS_ON),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    tagged_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    tagged_at: Mapped[Moment]
    release_at: Mapped[Moment]
    again: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its people heard something that this replaces: it is told at once, whatever else they wait for."""
    withdrawn_at: Mapped[Moment | None]
    told_at: Mapped[Moment | None]
    """When it was composed into an update: from then on it is corrected, never undone."""
    part: Mapped[str] = mapped_column(String(500), default="", server_default="")
    """The words of the comment that it answers; empty: all of it."""
    awaits_manager: Mapped[bool] = mapped_column(default=False)
    """Part of a step that reaches many: only a manager ends its hold before the morning of the promised day."""
    personal: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    """A sentence for this respondent alone, above the words of the action."""
    thanks_to_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """The colleague whom the customer's words are passed on to, as a compliment."""
    passed_on_at: Mapped[Moment | None]
    comment: Mapped[Comment] = relationship(back_populates="tags")
    action: Mapped[Action] = relationship()
    thanks_to: Mapped[Staff | None] = relationship(foreign_keys=thanks_to_id)

    def held(self, now: datetime) -> bool:
        """It can be undone still."""
        return standing.is_held(self, now)
