"""Which manager takes over what an agent cannot."""

from datetime import datetime

from sqlalchemy import select

from accounts.models import Membership, Staff
from accounts.presence import first_present
from core.db import db
from surveys.models_responses import Response


def manager_for(response: Response, now: datetime, not_again: Staff | None = None) -> Staff | None:
    """A manager at their desk, if there is one; rather somebody else than who answered before."""
    managers = (
        select(Staff)
        .join(Membership, Membership.staff_id == Staff.id)
        .where(
            Membership.organisation_id == response.organisation_id, Membership.role.in_(("manager", "admin"))
        )
        .order_by(Membership.role.desc(), Staff.id)
    )
    found = sorted(db.session.scalars(managers), key=lambda s: s is not_again)
    present = first_present(response.organisation_id, [s.id for s in found], now)
    return next((s for s in found if s.id == present), None)
