"""Keys for programs: one organisation, one role, shown once."""

import secrets
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import ApiKey
from accounts.sessions import fingerprint
from core import audit
from core.access import Role
from core.db import db
from core.errors import DomainError
from core.text import one_line

PREFIX = "tk_"


def create(organisation_id: int, name: str, role: Role, now: datetime) -> tuple[ApiKey, str]:
    """The row and the key itself, which nobody can read again. DomainError without a name."""
    name = one_line(name)
    if not name:
        raise DomainError(_("Say what the key is for, so that you know which one to withdraw."))
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        organisation_id=organisation_id,
        name=name,
        role=role.name,
        key_hash=fingerprint(secret),
        created_at=now,
    )
    db.session.add(key)
    audit.record("api_key.created", key, now, role=role.name)
    return key, secret


def revoke(key: ApiKey, now: datetime) -> None:
    """The key stops working at once; doing it twice changes nothing."""
    if key.revoked_at is None:
        key.revoked_at = now
        audit.record("api_key.revoked", key, now)


def find(secret: str) -> ApiKey | None:
    """The key that works, by what a program sent."""
    return db.session.scalar(
        select(ApiKey).where(ApiKey.key_hash == fingerprint(secret), ApiKey.revoked_at.is_(None))
    )
