"""The same complaint, said in several ways: its comments stand on the desk as one.

No words and no promise move: each comment keeps its answer, its tags and its word. `complaint_id` says which of
them stands on the desk, and is never a chain; a row tells who joined which two, so that each can be taken apart again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from core.rows import among
from customers.merging import ids_of
from triage import following, meanwhile
from triage.models import Comment, Tag
from triage.models_joining import Joining


def join(one: Comment, other: Comment, likeness: int, now: datetime) -> Joining:
    """From now on one of them stands on the desk for both, and for all that either stood for. Conflict where it did already."""
    _locked(one, other)
    refuse(one, other)
    into, joined = sorted((one.complaint or one, other.complaint or other), key=_first)
    refuse_hidden_threat(joined)
    made = Joining(
        organisation_id=into.organisation_id, comment_id=joined.id, into_id=into.id, likeness=likeness,
        brought=_bring(joined, into), by=audit.actor(), at=now,
    )  # fmt: skip
    db.session.add(made)
    _stand(members(joined), into)
    into.complaint_id = into.id
    _follow(into, joined)
    audit.record("comment.joined", into, now, other=joined.id)
    audit.record("comment.joined", joined, now, other=into.id)
    return made


def _first(comment: Comment) -> tuple[bool, bool, int]:
    """What a manager must see stands on the desk; else what was said first."""
    return (not comment.threatens, comment.escalated_at is None, comment.id)


def part(made: Joining, now: datetime) -> None:
    """They are two again, each with whatever was joined to it. Conflict where that was done already."""
    _locked(made.comment, made.into)
    db.session.refresh(made, with_for_update=True)
    if made.undone_at:
        raise Conflict(_("These were taken apart already."))
    was = made.comment.complaint or made.into
    made.undone_at, made.undone_by = now, audit.actor()
    db.session.flush()
    leaving = _joined_to(made.comment)
    for each in leaving:
        each.complaint_id = made.comment_id if len(leaving) > 1 else None
    db.session.flush()
    left = members(was)
    if len(left) == 1:
        was.complaint_id = None
    _take_back(made, was)
    _follow(was, *leaving)
    audit.record("comment.parted", was, now, other=made.comment_id)
    audit.record("comment.parted", made.comment, now, other=was.id)


def members(comment: Comment) -> list[Comment]:
    """All that the same one stands for, the first said first; of one that was said once, itself."""
    if not comment.complaint_id:
        return [comment]
    same = select(Comment).where(Comment.complaint_id == comment.complaint_id)
    return list(db.session.scalars(same.order_by(Comment.id)))


def joinings_of(comment: Comment) -> Sequence[Joining]:
    """Those that hold among all that the same one stands for, in the order in which they were said."""
    ids = [c.id for c in members(comment)]
    standing = Joining.comment_id.in_(ids), Joining.undone_at.is_(None)
    return db.session.scalars(select(Joining).where(*standing).order_by(Joining.comment_id)).all()


def with_the_same(comments: Iterable[Comment]) -> list[Comment]:
    """And whatever they stand for: what still needs a person, or all of it where nothing does."""
    found = list(comments)
    leads = {c.complaint_id for c in found if c.complaint_id}
    if not leads:
        return found
    joined = select(Comment).where(Comment.complaint_id.in_(leads)).order_by(Comment.id)
    by_lead: dict[int, list[Comment]] = {}
    for each in db.session.scalars(joined):
        by_lead.setdefault(each.complaint_id or 0, []).append(each)
    alone = [c for c in found if not c.complaint_id]
    return [*alone, *(c for those in by_lead.values() for c in _in_need(those))]


def _in_need(those: list[Comment]) -> list[Comment]:
    return [c for c in those if not c.live_tags] or those


def with_those_joined(ids: Sequence[int]) -> list[int]:
    """The numbers of these, and of all that they stand for."""
    joined = select(Comment.id).where(among(Comment.complaint_id, ids), ~among(Comment.id, ids))
    return sorted([*ids, *db.session.scalars(joined)])


def tags_of_one(tag: Tag) -> list[Tag]:
    """It, and the same action about what stands on the desk as one with its comment, as far as nobody was told."""
    if not tag.comment.complaint_id:
        return [tag]
    same = Comment.complaint_id == tag.comment.complaint_id, Tag.action_id == tag.action_id
    untold = Tag.id != tag.id, Tag.told_at.is_(None), Tag.withdrawn_at.is_(None)
    others = select(Tag).join(Comment, Comment.id == Tag.comment_id).where(*same, *untold)
    return [tag, *db.session.scalars(others.order_by(Tag.id))]


def refuse(one: Comment, other: Comment) -> None:
    """DomainError with why these two cannot stand as one."""
    if (one.complaint_id or one.id) == (other.complaint_id or other.id):
        raise Conflict(_("These stand as one already."))
    if one.response_id == other.response_id:
        raise DomainError(_("Both stand in one answer: it is told as one already."))
    for each in (one, other):
        refuse_unfit(each)
    if not same_person(one, other):
        raise DomainError(
            _(
                "These are of two people, as far as we know. Say first, on a customer's page, that they are one."
            )
        )


def refuse_unfit(comment: Comment) -> None:
    """DomainError where nothing can be laid with this one."""
    response = comment.response
    if response.erased_at:
        raise Conflict(_("Whoever said this was erased: nothing leads to them any more."))
    if response.survey.anonymous or not response.customer:
        raise DomainError(_("Nobody knows who said this: an anonymous answer is never joined to another."))
    if not response.is_sound:
        raise Conflict(_("A machine may have sent one of these. Say first whose it is."))


def same_person(one: Comment, other: Comment) -> bool:
    who = one.response.customer
    return bool(who and other.response.customer_id in ids_of(who))


def refuse_hidden_threat(joined: Comment) -> None:
    if joined.threatens:
        raise Conflict(_("Both hold a threat. A manager looks at that first, at each of them."))


def _locked(*comments: Comment) -> None:
    """They and what stands for them, as they are now: two colleagues wait for each other."""
    meanwhile.lock({id for c in comments for id in (c.id, c.complaint_id) if id})
    for each in comments:
        db.session.refresh(each)


def _stand(those: Iterable[Comment], into: Comment) -> None:
    for each in those:
        each.complaint_id = into.id
    db.session.flush()


def _joined_to(comment: Comment) -> list[Comment]:
    """It, and whatever was joined to it before it was joined itself."""
    found, edge = {comment.id}, {comment.id}
    while edge:
        below = select(Joining.comment_id).where(Joining.into_id.in_(edge), Joining.undone_at.is_(None))
        edge = set(db.session.scalars(below)) - found
        found |= edge
    return list(db.session.scalars(select(Comment).where(Comment.id.in_(found)).order_by(Comment.id)))


def _bring(joined: Comment, into: Comment) -> dict[str, Any]:
    """Labels in one place: what the one on the desk has not, it has from the other."""
    brought: dict[str, Any] = {}
    if joined.emotion and not into.emotion:
        into.emotion, into.emotion_theirs = joined.emotion, joined.emotion_theirs
        brought["emotion"] = joined.emotion
    if joined.assignee_id and not into.assignee_id:
        into.assignee_id = brought["assignee"] = joined.assignee_id
    if joined.escalated_at and not into.escalated_at:
        into.escalated_at, brought["escalated"] = joined.escalated_at, True
    new = [t for t in joined.themes if t not in into.themes]
    if new:
        into.themes, brought["themes"] = [*into.themes, *new], [t.id for t in new]
    return brought


def _take_back(made: Joining, into: Comment) -> None:
    """What it brought goes with it, where nobody said something else since."""
    brought = made.brought
    if brought.get("emotion") and into.emotion == brought["emotion"]:
        into.emotion, into.emotion_theirs = None, False
    if brought.get("assignee") and into.assignee_id == brought["assignee"]:
        into.assignee_id = None
    if brought.get("escalated") and into.escalated_at == made.comment.escalated_at:
        into.escalated_at = None
    gone = set(brought.get("themes", ()))
    if gone:
        into.themes = [t for t in into.themes if t.id not in gone]


def _follow(*comments: Comment) -> None:
    """Their lines in the index are made anew."""
    db.session.flush()
    for each in comments:
        following.anew(each.id)
        db.session.expire(each, ["complaint", "said_also"])
