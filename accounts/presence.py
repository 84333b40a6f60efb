"""Who is at their desk: away or gone, somebody else follows up."""

from datetime import datetime

from sqlalchemy import select

from accounts.models import Membership, Staff
from core.db import db


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


def first_present(organisation_id: int, staff: list[Staff | None], now: datetime) -> Staff | None:
    """The first of a list of people who is at their desk."""
    return next((s for s in staff if s and is_present(organisation_id, s.id, now)), None)
