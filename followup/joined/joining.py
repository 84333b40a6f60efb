"""The same person, the same complaint, several ways: offered to a colleague, joined with one click and undone with one.

`triage.joining` says what stands on the desk. Here what was decided about one of them is decided about all: whoever waits
gets the same actions, and what joining gave is taken back with it while nobody was told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.access import own
from core.db import db
from core.errors import Conflict
from customers.merging import ids_of
from followup.steps.stepping import take_exactly
from outbox.models import Message
from promises.models import Promise, Update
from promises.standing import carries
from surveys.models_responses import Response
from triage import joining
from triage.joining import members
from triage.likeness import Likeness, likeness
from triage.models import Action, Comment, Tag
from triage.models_joining import Joining
from triage.tagging import open_promise_of, undo

LOOKED_AT = 20
"""Comments of one person, the newest, that are held against the one on the desk."""
UNDER_WAY = ("queued", "claimed", "transmitting", "unknown")


@dataclass(frozen=True, slots=True)
class Offer:
    """A comment of the same person that says the same, by another way; `words` that both use."""

    comment: Comment
    alike: Likeness

    @property
    def response(self) -> Response:
        return self.comment.response


@dataclass(frozen=True, slots=True)
class Asking:
    """Who joins: their hold, their day, and whether their words need no manager."""

    by_id: int | None
    hold_for: timedelta
    today: date
    now: datetime
    may_approve: bool = False


def offers(comment: Comment) -> list[Offer]:
    """What the same person said by another way within the days that both surveys allow, in words that are alike; oldest first."""
    response = comment.response
    if not response.customer or response.survey.anonymous or not response.is_sound:
        return []
    own_ones = members(comment)
    found: dict[int, Offer] = {}
    for other in _theirs(response):
        stands_for = other.complaint_id or other.id
        if stands_for != (comment.complaint_id or comment.id) and _by_another_way(response, other.response):
            alike = max((likeness(one.text, other.text) for one in own_ones), key=lambda one: one.share)
            if alike.same and stands_for not in found:
                found[stands_for] = Offer(other, alike)
    return sorted(found.values(), key=lambda offer: offer.response.submitted_at)


def _theirs(response: Response) -> Sequence[Comment]:
    if not response.customer:
        return ()
    days = timedelta(days=response.survey.joins_within)
    around = Response.submitted_at.between(response.submitted_at - days, response.submitted_at + days)
    theirs = own(Comment).join(Response, Response.id == Comment.response_id)
    theirs = theirs.where(Response.customer_id.in_(ids_of(response.customer)), around, Response.is_sound)
    theirs = theirs.where(
        Response.erased_at.is_(None), Response.id != response.id, Comment.answer_id.is_not(None)
    )
    whole = joinedload(Comment.response).joinedload(Response.survey), joinedload(Comment.answer)
    return db.session.scalars(theirs.options(*whole).order_by(Comment.id.desc()).limit(LOOKED_AT)).all()


def _by_another_way(one: Response, other: Response) -> bool:
    """Another survey, or the same one filled in by somebody else; and not too far apart for either."""
    apart = abs(one.submitted_at - other.submitted_at)
    near = apart <= timedelta(days=min(one.survey.joins_within, other.survey.joins_within))
    other_way = (one.survey_id, one.source) != (other.survey_id, other.source)
    return near and other_way and not other.survey.anonymous


def handle_as_one(one: Comment, others: Iterable[Comment], asking: Asking) -> list[Joining]:
    """They stand on the desk as one; who waits gets what was decided about the others. Conflict where that waits for a manager."""
    made = []
    for other in others:
        share = likeness(one.text, other.text).share
        made.append(joining.join(one, other, share, asking.now))
        given = _share_what_was_decided(one, asking)
        made[-1].brought = {**made[-1].brought, "tags": [t.id for t in given]}
    db.session.flush()
    return made


def _share_what_was_decided(one: Comment, asking: Asking) -> list[Tag]:
    those = _read_anew(one)
    decided = [t for c in those for t in c.live_tags if not t.action.withdrawn_at]
    waiting = [c for c in those if not c.live_tags]
    if not waiting or not decided:
        return []
    if any(t.awaits_manager and not t.told_at for t in decided):
        raise Conflict(
            _("What was done about one of these waits for a manager. Handle them as one after that.")
        )
    actions = dict.fromkeys(t.action for t in decided)
    return [t for a in actions for t in _give(a, [t for t in decided if t.action is a], waiting, asking)]


def _read_anew(one: Comment) -> list[Comment]:
    those = members(one)
    for each in those:
        db.session.refresh(each, ["tags", "reopened_at"])
    return those


def _give(action: Action, tags: list[Tag], waiting: Iterable[Comment], asking: Asking) -> list[Tag]:
    """To whom had said it when it was decided or told: who said it once more after they were told waits for a person."""
    fit = [c for c in waiting if any(not t.told_at or t.told_at >= c.response.submitted_at for t in tags)]
    if not fit:
        return []
    made = take_exactly(
        fit, action, asking.by_id, asking.hold_for, asking.today, asking.now, may_approve=asking.may_approve
    ).tags
    for each in made:
        each.personal = next((t.personal for t in tags if t.personal), "")
    _release_together([t for t in tags if not t.told_at], made)
    return list(made)


def _release_together(held: Iterable[Tag], made: Iterable[Tag]) -> None:
    """One letter says it to all of them: what was decided first waits for the hold of what joining gave, never past its date."""
    last = [t.release_at for t in made]
    for each in held if last else ():
        owed = open_promise_of(each.comment.response)
        until = min(max(last), owed.due_at) if owed else max(last)
        each.release_at = max(each.release_at, until)


def take_apart(made: Joining, now: datetime) -> int:
    """They are two again. What joining gave, and nobody was told, is taken back; returns how many actions were."""
    given = made.brought.get("tags", [])
    joining.part(made, now)
    untold = Tag.id.in_(given), Tag.told_at.is_(None), Tag.withdrawn_at.is_(None)
    tags = db.session.scalars(select(Tag).where(*untold).order_by(Tag.id).with_for_update()).all()
    for each in tags:
        undo(each, now)
    return len(tags)


def under_way(comment: Comment) -> bool:
    """What was done about one of them is written, and on its way to its reader."""
    ids = [c.response_id for c in members(comment)]
    query = select(Message.id).join(Update, carries(Update)).join(Promise, Promise.id == Update.promise_id)
    query = query.where(Promise.response_id.in_(ids), Update.kind == "ending", Message.state.in_(UNDER_WAY))
    return db.session.scalar(query.limit(1)) is not None


def part_strangers(customer_ids: Sequence[int], now: datetime) -> int:
    """Two people were taken for one: what stands as one of two people is taken apart; returns how many were."""
    theirs = select(Comment.id).join(Response, Response.id == Comment.response_id)
    theirs = theirs.where(Response.customer_id.in_(customer_ids), Comment.complaint_id.is_not(None))
    holds = select(Joining).where(Joining.undone_at.is_(None))
    found = holds.where(Joining.comment_id.in_(theirs) | Joining.into_id.in_(theirs)).order_by(Joining.id)
    apart = [j for j in db.session.scalars(found) if not joining.same_person(j.comment, j.into)]
    for each in apart:
        take_apart(each, now)
    return len(apart)
