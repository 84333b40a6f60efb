"""Sign-ins: a row when one begins and when it ends, and nothing in between. The cookie carries the rest.

What the cookie holds: a random key (here only its SHA-256), when it was last seen, the seed of the form
tokens, and the organisation that was chosen.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, select, update

from accounts.models import Staff, StaffSession
from core.db import db
from core.text import one_line

IDLE, ABSOLUTE = timedelta(minutes=60), timedelta(hours=12)


def start(staff_id: int, device: str, now: datetime) -> str:
    """The key of a new session: shown once, to be put in the cookie."""
    key = secrets.token_urlsafe(32)
    db.session.add(
        StaffSession(staff_id=staff_id, key_hash=fingerprint(key), device=one_line(device), created_at=now)
    )
    db.session.flush()
    return key


def find(key: str, now: datetime) -> tuple[StaffSession, Staff] | None:
    """The session that has this key, with its person, while it lasts."""
    lasting = (StaffSession.key_hash == fingerprint(key), *_lasting(now), Staff.active)
    found = db.session.execute(select(StaffSession, Staff).join(Staff).where(*lasting)).first()
    return (found[0], found[1]) if found else None


def of(staff_id: int, now: datetime) -> list[StaffSession]:
    """What is signed in as this person, newest first."""
    newest = StaffSession.created_at.desc(), StaffSession.id.desc()
    return list(
        db.session.scalars(
            select(StaffSession).where(StaffSession.staff_id == staff_id, *_lasting(now)).order_by(*newest)
        )
    )


def end(staff_id: int, now: datetime, session_id: int | None = None) -> int:
    """End one session of this person, or all of them; returns how many."""
    those = [StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None)]
    those += [StaffSession.id == session_id] if session_id else []
    return _end(those, now)


def end_others(staff_id: int, kept_id: int, now: datetime) -> int:
    """End all sessions of this person but the one they are in."""
    those = StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None), StaffSession.id != kept_id
    return _end(those, now)


def _end(those: Iterable[ColumnElement[bool]], now: datetime) -> int:
    statement = update(StaffSession).where(*those).values(revoked_at=now)
    return int(db.session.connection().execute(statement).rowcount)


def fingerprint(secret: str) -> str:
    """SHA-256 of 256 random bits: nothing to guess, so nothing to slow down."""
    return sha256(secret.encode()).hexdigest()


def _lasting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return StaffSession.revoked_at.is_(None), StaffSession.created_at > now - ABSOLUTE
