"""Who is at their desk: away or gone, somebody else follows up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from accounts.models import Membership, Staff
from core.db import db

_PRESENT = select(Membership.staff_id).where(
    Membership.organisation_id == bindparam("organisation_id"),
    Membership.staff_id.in_(bindparam("staff_ids", expanding=True)),
    Membership.left_at.is_(None),
    or_(Membership.away_until.is_(None), Membership.away_until <= bindparam("now")),
)


def membership(organisation_id: int, staff_id: int) -> Membership | None:
    return db.session.scalar(
        select(Membership).where(
            Membership.organisation_id == organisation_id, Membership.staff_id == staff_id
        )
    )


def is_present(organisation_id: int, staff_id: int, now: datetime) -> bool:
    """Works here, has not left, and is not away."""
    found = membership(organisation_id, staff_id)
    return bool(found and not found.left_at and not (found.away_until and found.away_until > now))


def managers(organisation_id: int, now: datetime) -> list[Staff]:
    """Managers and admins who are at their desk; when all are away, all of them."""
    works = Membership.organisation_id == organisation_id, Membership.left_at.is_(None), Staff.active
    query = select(Staff).join(Membership).where(*works, Membership.role.in_(("manager", "admin")))
    here = or_(Membership.away_until.is_(None), Membership.away_until <= now)
    found = db.session.scalars(query.where(here).order_by(Membership.id)).all()
    return list(found or db.session.scalars(query.order_by(Membership.id)))


def first_present(organisation_id: int, staff_ids: Sequence[int | None], now: datetime) -> int | None:
    """The first of a list of people who is at their desk."""
    asked = {"organisation_id": organisation_id, "staff_ids": [id for id in staff_ids if id], "now": now}
    present = set(db.session.connection().scalars(_PRESENT, asked))
    return next((id for id in staff_ids if id in present), None)
