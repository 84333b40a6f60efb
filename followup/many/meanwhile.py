"""What a colleague answered while work on many comments went on is left to them."""

from sqlalchemy import func, select

from core.db import db
from followup.many.models import BulkItem, BulkWork
from triage.models import Tag


def by_a_colleague(given: Tag, work: BulkWork) -> bool:
    """Another one than who asked for the work, since it was asked for."""
    by_another = given.tagged_by_id not in {None, work.asked_by_id}
    return by_another and given.withdrawn_at is None and given.tagged_at >= work.begun_at


def left_alone(work: BulkWork) -> int:
    """Comments that had their turn and were left to the colleague who had answered them meanwhile."""
    theirs = select(func.count(Tag.comment_id.distinct())).join(
        BulkItem, BulkItem.comment_id == Tag.comment_id
    )
    without = BulkItem.work_id == work.id, BulkItem.at.is_not(None), BulkItem.tag_id.is_(None)
    by_another = Tag.tagged_by_id.is_not(None), Tag.tagged_by_id.is_distinct_from(work.asked_by_id)
    since = Tag.withdrawn_at.is_(None), Tag.tagged_at >= work.begun_at, Tag.action_id != work.action_id
    return db.session.scalar(theirs.where(*without, *by_another, *since)) or 0
