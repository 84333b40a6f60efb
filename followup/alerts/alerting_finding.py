"""What staff are to be alerted of: threats and low scores of the last day that somebody chose to hear about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, case, func, select

from accounts import alerts
from accounts.models import Membership, Staff
from core import rows
from core.db import Rows, db
from followup.alerts.models import StaffAlert
from followup.models import LargeStep, large_step_tag
from surveys.models import SCALE_KINDS, Question, Survey
from surveys.models_responses import Response
from surveys.settings.watching import USUAL
from triage.feeling.threatening import APART
from triage.models import Comment, Tag

LOOK_BACK = timedelta(days=1)
"""A clock that was off for longer alerts nobody of what is in the inbox since."""


@dataclass(frozen=True, slots=True)
class Found:
    """Answers that a colleague is to hear of, and did not yet."""

    organisation_id: int
    staff_id: int
    kind: str
    how: str
    response_ids: Sequence[int]


def unheard(now: datetime) -> list[Found]:
    """Of everybody who works here and chose to hear of it."""
    members = db.session.scalars(_working()).all()
    wanted = [(m, kind, how) for m in members for kind in FOUND if (how := alerts.choice(m, kind)) != "none"]
    found = [_found(member, kind, how, now) for member, kind, how in wanted]
    return [one for one in found if one.response_ids]


def _working() -> Rows:
    here = Membership.left_at.is_(None), Staff.active
    return select(Membership).join(Staff).where(*here).order_by(Membership.id)


def _found(member: Membership, kind: str, how: str, now: datetime) -> Found:
    ids = db.session.scalars(_unheard(member, kind, now)).all()
    return Found(member.organisation_id, member.staff_id, kind, how, ids)


def note(found: Found, now: datetime) -> int:
    """Inside `writing()`: how many rows are new. Another clock may do the same at this moment: each row is there once."""
    same = {
        "organisation_id": found.organisation_id, "staff_id": found.staff_id, "kind": found.kind, "how": found.how, "found_at": now,
    }  # fmt: skip
    return sum(rows.put_once(StaffAlert, **same, response_id=id) for id in found.response_ids)


def _unheard(member: Membership, kind: str, now: datetime) -> Rows:
    heard = select(StaffAlert.id).where(
        StaffAlert.staff_id == member.staff_id, StaffAlert.kind == kind, StaffAlert.response_id == Response.id
    )
    return FOUND[kind](member.organisation_id, max(now - LOOK_BACK, member.since)).where(~heard.exists())


def _threats(organisation_id: int, since: datetime) -> Select[int]:
    """Legal steps are no danger: they wait in the inbox."""
    stands = (
        Comment.threat != APART,
        Comment.threat_at >= since,
        Comment.threat_cleared_at.is_(None),
        Comment.organisation_id == organisation_id,
    )
    return select(Response.id).join(Comment, Comment.response_id == Response.id).where(*stands).distinct()


def _detractors(organisation_id: int, since: datetime) -> Select[int]:
    first = select(Question.kind).where(
        Question.version_id == Response.version_id, Question.kind.in_(SCALE_KINDS)
    )
    scale = first.order_by(Question.position).limit(1).scalar_subquery()
    bound = func.coalesce(Survey.detractor_bound, case(USUAL, value=scale, else_=-1))
    fresh = Response.submitted_at >= since, ~Response.is_test, ~Response.history, Response.erased_at.is_(None)
    here = select(Response.id).join(Survey, Survey.id == Response.survey_id)
    return here.where(Survey.organisation_id == organisation_id, *fresh, Response.score <= bound)


def _approvals(organisation_id: int, since: datetime) -> Select[int]:
    """Words that a manager has not read yet."""
    waits = LargeStep.because == "words", LargeStep.decided_at.is_(None), Tag.withdrawn_at.is_(None)
    of_them = select(Comment.response_id).join(Tag).join(large_step_tag, large_step_tag.c.tag_id == Tag.id)
    of_them = of_them.join(LargeStep, LargeStep.id == large_step_tag.c.step_id)
    here = LargeStep.organisation_id == organisation_id, LargeStep.asked_at >= since
    return select(Response.id).where(Response.id.in_(of_them.where(*here, *waits)))


FOUND: dict[str, Callable[[int, datetime], Select[int]]] = {
    "threat": _threats,
    "detractor": _detractors,
    "approval": _approvals,
}
"""kind → the answers it is about"""
