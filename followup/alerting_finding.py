"""What staff are to be alerted of: threats and low scores of the last day that somebody chose to hear about."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, case, select

from accounts import alerts
from accounts.models import Membership, Staff
from core import rows
from core.db import Rows, db, writing
from followup.models_alerts import StaffAlert
from surveys.models import SCALE_KINDS, Question, Response, Survey
from triage.models import Comment

LOOK_BACK = timedelta(days=1)
"""A clock that was off for longer alerts nobody of what is in the inbox since."""
BOUNDS = {"csat": 2, "nps": 6}
"""kind of scale → the highest score that is a detractor's"""


def find(now: datetime) -> int:
    """Write down who is to hear of what; returns how many rows are new."""
    members = db.session.scalars(_working()).all()
    wanted = [(m, kind, how) for m in members for kind in FOUND if (how := alerts.choice(m, kind)) != "none"]
    return sum(_note(m, kind, how, now) for m, kind, how in wanted)


def _working() -> Rows:
    here = Membership.left_at.is_(None), Staff.active
    return select(Membership).join(Staff).where(*here).order_by(Membership.id)


def _note(member: Membership, kind: str, how: str, now: datetime) -> int:
    ids = db.session.scalars(_unheard(member, kind, now)).all()
    if not ids:
        return 0
    with writing():
        return sum(_put(member, kind, how, ids, now))


def _put(member: Membership, kind: str, how: str, ids: Iterable[int], now: datetime) -> list[bool]:
    """Another clock may do the same at this moment: each row is there once."""
    same = {
        "organisation_id": member.organisation_id,
        "staff_id": member.staff_id,
        "kind": kind,
        "how": how,
        "found_at": now,
    }
    return [rows.put_once(StaffAlert, **same, response_id=id) for id in ids]


def _unheard(member: Membership, kind: str, now: datetime) -> Rows:
    heard = select(StaffAlert.id).where(
        StaffAlert.staff_id == member.staff_id, StaffAlert.kind == kind, StaffAlert.response_id == Response.id
    )
    return FOUND[kind](member.organisation_id, max(now - LOOK_BACK, member.since)).where(~heard.exists())


def _threats(organisation_id: int, since: datetime) -> Select[int]:
    stands = (
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
    bound = case(BOUNDS, value=scale, else_=-1)
    fresh = Response.submitted_at >= since, ~Response.is_test, ~Response.history, Response.erased_at.is_(None)
    here = select(Response.id).join(Survey, Survey.id == Response.survey_id)
    return here.where(Survey.organisation_id == organisation_id, *fresh, Response.score <= bound)


FOUND: dict[str, Callable[[int, datetime], Select[int]]] = {"threat": _threats, "detractor": _detractors}
"""kind → the answers it is about"""
