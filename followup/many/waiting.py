"""Work on many comments whose words a manager reads first: a few of them show the words, the others wait without any tag.

It begins by itself once the words are approved, and ends when they are sent back.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, or_, select

from core.db import Rows, db
from core.errors import DomainError
from core.rows import among
from followup.many.models import BulkItem, BulkWork
from followup.models import LargeStep
from followup.reaching import hearers
from followup.steps.approving import UNTIL_DECIDED, unread_among
from followup.steps.large_steps import hold
from surveys.models import Survey
from surveys.models_responses import Response
from triage import queries
from triage.models import Comment, Tag
from triage.tagging import tag_for_manager

SHOWN = 3
"""Comments by which a manager reads the words."""


def ask_first(work: BulkWork, ids: list[int], now: datetime) -> list[Tag]:
    """The tags by which a manager reads its words, where one has to; then it waits."""
    if not unread_among(ids, work.action):
        return []
    shown = db.session.scalars(_not_tagged(work).limit(SHOWN).options(*queries.WITH_TAGS)).all()
    if not shown:
        raise DomainError(
            _("These words wait for a manager already. Once they are approved, say them about the others.")
        )
    tags = tag_for_manager(shown, work.action, work.asked_by_id, now, until=now + UNTIL_DECIDED)
    reached = hearers(
        work.organisation_id, select(Comment.response_id).where(among(Comment.id, ids))
    ).messages
    step = hold("tags", work.action, reached, None, work.asked_by_id, now, tags=tags)
    work.step_id = step.id
    return tags


def _not_tagged(work: BulkWork) -> Rows:
    has_it = exists().where(
        Tag.comment_id == Comment.id, Tag.action_id == work.action_id, Tag.withdrawn_at.is_(None)
    )
    of_it = (
        select(Comment).join(BulkItem, BulkItem.comment_id == Comment.id).where(BulkItem.work_id == work.id)
    )
    wanting = (
        of_it.join(Response, Response.id == Comment.response_id).join(Survey).where(Survey.approves_words)
    )
    return wanting.where(~has_it).order_by(Comment.id)


def may_go_on() -> ColumnElement[bool]:
    """Work that waits for nobody; what is called back goes on with that."""
    undecided = exists().where(
        LargeStep.id == BulkWork.step_id, LargeStep.because == "words", LargeStep.decided_at.is_(None)
    )
    return or_(BulkWork.cancelled_at.is_not(None), ~undecided)


def end_if_sent_back(work: BulkWork, now: datetime) -> None:
    """Nobody was told; whoever asked reads why on the page of the step."""
    if work.words_step and work.words_step.decided_as == "refused" and not work.cancelled_at:
        work.cancelled_at = now


def meant_for(step: LargeStep) -> int:
    """How many comments get these words once they are approved, where they are work on many; else 0."""
    waiting = select(BulkWork.total).where(BulkWork.step_id == step.id, BulkWork.cancelled_at.is_(None))
    return db.session.scalar(waiting) or 0
