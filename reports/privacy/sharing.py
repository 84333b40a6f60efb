"""Who besides its colleagues gets to see something of an organisation's respondents: read from what is set up, so that it is true."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from accounts.models import ApiKey
from core.db import db
from core.models import Organisation
from core.settings import settings
from outbox.models_texts import TextGateway
from reports.schedules.models import Reader


@dataclass(frozen=True, slots=True)
class Sharing:
    """`ways`: mail, texts, letters, readers, programs; those that are in use. `gateway`: the service that carries texts."""

    ways: frozenset[str]
    gateway: str


def sharing(organisation: Organisation) -> Sharing:
    gateway = (
        db.session.scalar(_of(TextGateway.service, TextGateway, organisation))
        if "sms" in organisation.channels
        else None
    )
    used = {
        "mail": bool(settings().smtp_url),
        "texts": bool(gateway),
        "letters": "letter" in organisation.channels,
        "readers": _is_there(_outside(organisation)),
        "programs": _is_there(_of(ApiKey.id, ApiKey, organisation).where(ApiKey.revoked_at.is_(None))),
    }
    return Sharing(frozenset(way for way, so in used.items() if so), gateway or "")


def _of(column: Any, model: Any, organisation: Organisation) -> Any:
    return select(column).where(model.organisation_id == organisation.id)


def _outside(organisation: Organisation) -> Any:
    """Whoever gets reports by mail and is no colleague; what they were sent before they stopped it still opens."""
    return _of(Reader.id, Reader, organisation).where(Reader.staff_id.is_(None), Reader.removed_at.is_(None))


def _is_there(query: Any) -> bool:
    return db.session.scalar(query.limit(1)) is not None
