"""What one respondent reads with an action and nobody else does: a sentence of their own, and whom their compliment reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Membership, Staff
from core.db import db
from core.errors import DomainError
from triage.models import Action, Comment, Tag


@dataclass(frozen=True, slots=True)
class Beside:
    """`words` stand above those of the action; `reached`: names of colleagues, as they stand in the letter."""

    words: str = ""
    reached: tuple[str, ...] = ()

    def and_also(self, other: "Beside") -> "Beside":
        """Two comments of one answer may have the same action: what was said twice stands there once."""
        lines = dict.fromkeys(w for w in (self.words, other.words) if w)
        return Beside("\n".join(lines), tuple(dict.fromkeys(self.reached + other.reached)))


NOTHING = Beside()


def of_tags(tags: Iterable[Tag]) -> dict[Action, Beside]:
    """action → what stands with it in the letter that tells these tags"""
    found: dict[Action, Beside] = {}
    for tag in tags:
        if tag.personal or tag.thanks_to_id:
            one = Beside(tag.personal, _name(tag.thanks_to, tag.organisation_id))
            found[tag.action] = found.get(tag.action, NOTHING).and_also(one)
    return found


def _name(staff: Staff | None, organisation_id: int) -> tuple[str, ...]:
    """Nobody, where they left meanwhile: then it reached nobody."""
    return (staff.name,) if staff and works_here(staff.id, organisation_id) else ()


def works_here(staff_id: int, organisation_id: int) -> bool:
    here = Membership.organisation_id == organisation_id, Membership.left_at.is_(None), Staff.active
    query = select(Staff.id).join(Membership, Membership.staff_id == Staff.id)
    return db.session.scalar(query.where(Staff.id == staff_id, *here)) is not None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a colleague adds for the respondent whose comment is on the desk."""

    words: str = ""
    thanks_to: Staff | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.thanks_to)

    @property
    def shown(self) -> Beside:
        return Beside(self.words, (self.thanks_to.name,) if self.thanks_to else ())


def put_beside(tags: Iterable[Tag], comment: Comment, wish: Wish) -> None:
    """With the tag that this comment was given just now; DomainError when it was given none, so that nothing typed is lost."""
    if not wish:
        return
    if wish.thanks_to and not comment.text:
        raise DomainError(_("There are no words here that could be passed on to a colleague."))
    mine = [t for t in tags if t.comment_id == comment.id or _stand_as_one(t.comment, comment)]
    if not mine and any(_same(t, wish) for t in comment.live_tags):
        return  # a second click
    if not mine:
        raise DomainError(
            _(
                "This comment has this action already, so nothing can be added to it. Undo it first, or write to this person alone."
            )
        )
    for tag in mine:
        tag.personal = wish.words
    mine[0].thanks_to = wish.thanks_to  # a colleague hears it once


def _stand_as_one(one: Comment, other: Comment) -> bool:
    return one.complaint_id is not None and one.complaint_id == other.complaint_id


def _same(tag: Tag, wish: Wish) -> bool:
    return (tag.personal, tag.thanks_to_id) == (wish.words, wish.thanks_to.id if wish.thanks_to else None)


def with_wish(tags: Mapping[Action, Beside], action: Action, wish: Wish) -> dict[Action, Beside]:
    """As it will be when `action` is tagged with this wish: what a preview shows."""
    if not wish:
        return dict(tags)
    return {**tags, action: tags.get(action, NOTHING).and_also(wish.shown)}
