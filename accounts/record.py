"""The organisation's own record: the name, the hours and the addresses that every page and message shows."""

from dataclasses import dataclass, field
from datetime import datetime

from core import audit
from core.db import db
from core.models import Event, Organisation


@dataclass(frozen=True, slots=True)
class Record:
    """The names are the columns'. `hours`: [opens, closes] or None for each day, Monday first."""

    name: str
    phone: str
    mail: str
    address: str
    form_of_address: str
    language: str
    accent: str
    hours: list[list[str] | None]
    channels: list[str] = field(default_factory=list)


def rewrite(organisation: Organisation, new: Record, now: datetime) -> list[str]:
    """Names of the fields that changed; the audit line keeps the names, not the words."""
    changed = [name for name in Record.__slots__ if getattr(organisation, name) != getattr(new, name)]
    for name in changed:
        setattr(organisation, name, getattr(new, name))
    if changed:
        db.session.add(_event(organisation, changed, now))
    return changed


def _event(organisation: Organisation, changed: list[str], now: datetime) -> Event:
    about = {
        "subject_type": organisation.__tablename__,
        "subject_id": organisation.id,
        "detail": {"fields": changed},
    }
    return Event(
        organisation_id=organisation.id, at=now, actor=audit.actor(), verb="organisation.changed", **about
    )
