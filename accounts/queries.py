"""Who works where, as the pages show it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from accounts.models import ApiKey, Membership, Staff
from core.access import Role, own
from core.db import db
from core.models import Organisation


@dataclass(frozen=True, slots=True)
class Workplace:
    """An organisation somebody works for, and as what. Plain values: they outlive the transaction."""

    id: int
    slug: str
    name: str
    accent: str
    timezone: str
    form_of_address: str
    demo: bool
    role: Role


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list of people; `id` is that of the membership."""

    id: int
    staff_id: int
    name: str
    email: str
    role: str
    job_title: str
    away_until: datetime | None
    left_at: datetime | None


def workplaces(staff_id: int) -> list[Workplace]:
    """Where this person works now, longest first."""
    here = Membership.staff_id == staff_id, Membership.left_at.is_(None)
    found = db.session.execute(
        select(Organisation, Membership.role).join(Membership).where(*here).order_by(Membership.id)
    )
    return [_workplace(organisation, role) for organisation, role in found]


def first_organisation(staff_id: int) -> Organisation | None:
    """Where they have worked longest; its name stands on the mail that signs them in."""
    here = Membership.staff_id == staff_id, Membership.left_at.is_(None)
    return db.session.scalar(
        select(Organisation).join(Membership).where(*here).order_by(Membership.id).limit(1)
    )


def _workplace(o: Organisation, role: str) -> Workplace:
    return Workplace(o.id, o.slug, o.name, o.accent, o.timezone, o.form_of_address, o.demo, Role[role])


def colleagues(now: datetime) -> list[Person]:
    """Everybody of the organisation that is asking, by name; who left comes last."""
    gone_last = Membership.left_at.is_not(None), Staff.name, Staff.id
    rows = own(Membership).join(Staff).options(contains_eager(Membership.staff)).order_by(*gone_last)
    return [_person(membership, now) for membership in db.session.scalars(rows)]


def _person(m: Membership, now: datetime) -> Person:
    away = m.away_until if m.away_until and m.away_until > now else None
    return Person(m.id, m.staff_id, m.staff.name, m.staff.email, m.role, m.job_title, away, m.left_at)


def api_keys() -> list[ApiKey]:
    """The keys that work, newest first."""
    return list(db.session.scalars(own(ApiKey).where(ApiKey.revoked_at.is_(None)).order_by(ApiKey.id.desc())))
