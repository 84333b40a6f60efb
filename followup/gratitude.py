"""A compliment reaches the colleague it is about: one mail with the customer's words, when the respondent is told so.

Until then it can be undone with its tag. Who asked not to be told hears nothing; their words are passed on all the same.
"""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from accounts.letters import Letter, letter, tell
from accounts.models import Membership, Staff
from core import audit, clock
from core.db import Rows, db, writing
from core.links import public_url
from surveys.models_responses import Response
from triage import following
from triage.models import Comment, Tag


def pass_on_compliments(now: datetime) -> int:
    """Mail each colleague the compliments that were meant for them; returns how many."""
    return sum(_once(tag_id, now) for tag_id in db.session.scalars(_due(now).order_by(Tag.id)).all())


def _due(now: datetime) -> Rows:
    """Told, or held no longer where nobody is told; to a colleague who still works here and does not have it yet."""
    silent = Response.declined_at.is_not(None) | Response.history.is_(True)
    over = Tag.told_at.is_not(None) | (silent & (Tag.release_at <= now))
    other = aliased(Tag)
    had = exists().where(
        other.comment_id == Tag.comment_id, other.thanks_to_id == Tag.thanks_to_id, other.passed_on_at.is_not(None)
    )  # fmt: skip
    here = exists().where(
        Membership.staff_id == Tag.thanks_to_id, Membership.organisation_id == Tag.organisation_id,
        Membership.left_at.is_(None), Staff.id == Membership.staff_id, Staff.active,
    )  # fmt: skip
    meant = Tag.thanks_to_id.is_not(None), Tag.passed_on_at.is_(None), Tag.withdrawn_at.is_(None)
    joined = select(Tag.id).join(Comment, Comment.id == Tag.comment_id)
    joined = joined.join(Response, Response.id == Comment.response_id)
    return joined.where(*meant, over, here, ~had, Response.erased_at.is_(None))


def _once(tag_id: int, now: datetime) -> int:
    """The mark and the mail are one transaction; another clock finds the mark."""
    try:
        with writing():
            if not db.session.scalar(_due(now).where(Tag.id == tag_id)):
                return 0
            tag = db.session.get_one(Tag, tag_id)
            return _pass_on(tag, now)
    except IntegrityError:
        return 0


def _pass_on(tag: Tag, now: datetime) -> int:
    mine = Tag.id == tag.id, Tag.passed_on_at.is_(None), Tag.withdrawn_at.is_(None)
    if not db.session.connection().execute(update(Tag).where(*mine).values(passed_on_at=now)).rowcount:
        return 0
    following.later([tag.comment_id])
    staff = db.session.get_one(Staff, tag.thanks_to_id)
    audit.record("comment.passed_on", tag.comment, now, name=staff.name)
    tell(compliment(tag, staff, now), staff, now)
    return 1


def compliment(tag: Tag, staff: Staff, now: datetime) -> Letter:
    """The customer's words as they wrote them, with the name they left, if they left one."""
    comment, by = tag.comment, tag.tagged_by_id
    response, organisation = comment.response, comment.response.survey.organisation
    return letter(
        "compliment", organisation, staff.name, staff.language, now, said=comment.text, survey=response.survey.title,
        customer=response.customer.name if response.customer else "", written_on=clock.local_date(response.submitted_at, organisation.timezone),
        passed_by=db.session.get_one(Staff, by).name if by and by != staff.id else "",
        link=public_url(f"/comments/{comment.id}"), hears=response.declined_at is None,
    )  # fmt: skip
