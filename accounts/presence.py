"""Who is at their desk: away or gone, somebody else follows up."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, bindparam, or_, select

from accounts.models import Membership, Staff
from core import rows
from core.db import db

_HELD = select(Membership).where(
    Membership.organisation_id == bindparam("organisation_id"),
    Membership.staff_id.in_(bindparam("staff_ids", expanding=True)),
)


def memberships(organisation_id: int, staff_ids: Iterable[int | None]) -> dict[int, Membership]:
    """staff → what they are in this organisation, of those who are or were something."""
    asked = {"organisation_id": organisation_id, "staff_ids": [id for id in staff_ids if id]}
    return {held.staff_id: held for held in db.session.scalars(_HELD, asked)}


def membership(organisation_id: int, staff_id: int) -> Membership | None:
    return memberships(organisation_id, [staff_id]).get(staff_id)


def is_here(held: Membership | None, now: datetime) -> bool:
    """Works here, has not left, and is not away."""
    return bool(held and not held.left_at and not (held.away_until and held.away_until > now))


def absent(organisation_id: int, now: datetime) -> list[int]:
    """Who was here once and is away or gone."""
    asked = {"organisation_id": organisation_id, "now": now}
    return list(db.session.connection().scalars(ABSENT, asked).all())


ABSENT = select(Membership.staff_id).where(
    Membership.organisation_id == bindparam("organisation_id"),
    or_(Membership.left_at.is_not(None), Membership.away_until > bindparam("now")),
)
"""`organisation_id` and `now` are given to the query that it is part of."""


def is_present(organisation_id: int, staff_id: int, now: datetime) -> bool:
    return is_here(membership(organisation_id, staff_id), now)


def managers(organisation_id: int, now: datetime) -> list[Staff]:
    """Managers and admins who are at their desk; when all are away, all of them."""
    works = Membership.organisation_id == organisation_id, Membership.left_at.is_(None), Staff.active
    query = select(Staff).join(Membership).where(*works, Membership.role.in_(("manager", "admin")))
    here = or_(Membership.away_until.is_(None), Membership.away_until <= now)
    found = db.session.scalars(query.where(here).order_by(Membership.id)).all()
    return list(found or db.session.scalars(query.order_by(Membership.id)))


def present(organisation_id: int, staff_ids: Iterable[int], now: datetime) -> set[int]:
    """Those of these people who are at their desk."""
    asked = {f"staff{n}": id for n, id in enumerate(staff_ids)}
    found = rows.some(_present(tuple(asked)), organisation_id=organisation_id, now=now, **asked)
    return {one.staff_id for one in found}


@lru_cache
def _present(staff_ids: tuple[str, ...]) -> Select[int]:
    """Put together once for so many: it goes with each answer."""
    return select(Membership.staff_id).where(
        Membership.organisation_id == bindparam("organisation_id"),
        Membership.staff_id.in_([bindparam(name) for name in staff_ids]),
        Membership.left_at.is_(None),
        or_(Membership.away_until.is_(None), Membership.away_until <= bindparam("now")),
    )


def first_present(organisation_id: int, staff_ids: Sequence[int | None], now: datetime) -> int | None:
    """The first of a list of people who is at their desk."""
    here = present(organisation_id, (id for id in staff_ids if id), now)
    return next((id for id in staff_ids if id in here), None)
