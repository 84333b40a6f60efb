"""One-time links: to sign in without a password, once, and not for long."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from accounts.models import SignInLink, Staff
from accounts.sessions import fingerprint
from core.db import db
from core.links import public_url

BY_MAIL, PRINTED, INVITED = timedelta(minutes=15), timedelta(hours=24), timedelta(days=4)
PATH = "/sign-in/"


def draw() -> str:
    """A new token; draw it before writing, so that the letter that holds it is written before too."""
    return secrets.token_urlsafe(32)


def address(token: str) -> str:
    """The absolute address that a letter or a terminal shows, once: only its fingerprint is kept."""
    return public_url(PATH + token)


def issue(staff_id: int, token: str, now: datetime, lasts: timedelta = BY_MAIL) -> None:
    """From now on the token signs this person in, one time."""
    link = SignInLink(
        staff_id=staff_id, token_hash=fingerprint(token), created_at=now, expires_at=now + lasts
    )
    db.session.add(link)
    db.session.flush()


def owner(token: str, now: datetime) -> Staff | None:
    """Whom a link that still works signs in; looking does not use it up."""
    return db.session.scalar(select(Staff).join(SignInLink).where(*_working(token, now), Staff.active))


def consume(token: str, now: datetime) -> Staff | None:
    """Use the link up: whoever comes second, even at the same moment, gets None."""
    staff = owner(token, now)
    use = update(SignInLink).where(*_working(token, now)).values(used_at=now)
    return staff if db.session.connection().execute(use).rowcount == 1 else None


def withdraw(staff_id: int, now: datetime) -> None:
    """Links that were not used yet stop working: a new password, another role, or the person left."""
    unused = SignInLink.staff_id == staff_id, SignInLink.used_at.is_(None)
    db.session.execute(update(SignInLink).where(*unused).values(used_at=now))


def _working(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SignInLink.token_hash == fingerprint(token),
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > now,
    )
