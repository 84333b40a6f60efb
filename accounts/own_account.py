"""What a colleague changes about themselves."""

import secrets
from datetime import datetime

from sqlalchemy import select

from accounts import links, sessions
from accounts.models import Membership, Staff
from core import audit
from core.db import db
from core.text import one_line


def me(staff_id: int) -> Staff:
    return db.session.scalars(select(Staff).where(Staff.id == staff_id)).one()


def introduce(
    member: Membership, name: str, language: str, now: datetime, *, show_swearing: bool = False
) -> None:
    """Another name or language; and whether they read swear words as they were typed."""
    member.staff.name, member.staff.language = one_line(name), language
    member.staff.show_swearing = show_swearing
    audit.record("staff.introduced", member, now)


def choose_password(member: Membership, hashed: str, now: datetime) -> None:
    """A new password, hashed before. Every session and link of before ends, whoever holds them."""
    member.staff.password, member.staff.fs_uniquifier = hashed, secrets.token_hex(16)
    sessions.end(member.staff_id, now)
    links.withdraw(member.staff_id, now)
    audit.record("staff.password_changed", member, now)
