"""The organisation's logo: taken, taken away, and found again by its number."""

from base64 import b64encode
from datetime import datetime
from hashlib import sha256

from flask import current_app
from sqlalchemy import select

from accounts.models_logo import Logo
from accounts.pictures import Picture
from core import audit
from core.db import db
from core.models import Event, Organisation
from core.recent import Recent

KEPT = 200


def adopt(organisation: Organisation, picture: Picture, now: datetime) -> None:
    """From now on it stands in pages and in reports that are made."""
    number = sha256(picture.printed).hexdigest()
    if not _row(organisation.id, number):
        db.session.add(
            Logo(organisation_id=organisation.id, sha256=number, printed=picture.printed, shown=picture.shown, added_at=now)
        )  # fmt: skip
    _change(organisation, number, now)


def drop(organisation: Organisation, now: datetime) -> None:
    """The name stands there again. The picture is kept: reports that were made with it may have to be made again."""
    _change(organisation, "", now)


def _change(organisation: Organisation, number: str, now: datetime) -> None:
    if organisation.logo == number:
        return
    organisation.logo = number
    about = {"subject_type": organisation.__tablename__, "subject_id": organisation.id}
    db.session.add(
        Event(organisation_id=organisation.id, at=now, actor=audit.actor(), verb="organisation.changed", detail={"fields": ["logo"]}, **about)
    )  # fmt: skip


def _row(organisation_id: int, number: str) -> int | None:
    return db.session.scalar(select(Logo.id).where(Logo.organisation_id == organisation_id, Logo.sha256 == number))  # fmt: skip


def printed(organisation_id: int, number: str) -> bytes | None:
    """For a report; None without one."""
    return _bytes(organisation_id, number, "printed")


def shown(organisation: Organisation | None) -> str:
    """As an address that holds the picture itself, so that a page asks for nothing more; empty without one."""
    id, number = getattr(organisation, "id", None), getattr(organisation, "logo", "")
    if not id or not number:
        return ""
    kept: Recent[tuple[int, str], str] = current_app.extensions.setdefault("logos_shown", Recent(KEPT))
    return kept.get((id, number), lambda: _address(_bytes(id, number, "shown")))


def _address(picture: bytes | None) -> str:
    return f"data:image/png;base64,{b64encode(picture).decode()}" if picture else ""


def _bytes(organisation_id: int, number: str, which: str) -> bytes | None:
    """Only of the organisation that has it."""
    if not number:
        return None
    found = select(getattr(Logo, which)).where(Logo.organisation_id == organisation_id, Logo.sha256 == number)
    picture: bytes | None = db.session.scalar(found)
    return picture
