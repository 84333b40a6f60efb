"""No more mail to one address. What is still owed to its owner stands on their own pages instead."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core import audit, links
from core.db import db
from core.text import search_key
from customers.models import Identity
from outbox.models import Suppression
from promises.models import Promise
from surveys.models import Response


def unsubscribe(identity: Identity, now: datetime) -> None:
    """Block the address; done once, however often it is asked."""
    if is_blocked(identity):
        return
    db.session.add(Suppression(
        organisation_id=identity.organisation_id, address_hash=_hash(identity), reason="unsubscribed", created_at=now,
    ))  # fmt: skip
    audit.record("identity.unsubscribed", identity, now)


def is_blocked(identity: Identity) -> bool:
    here = (Suppression.organisation_id == identity.organisation_id) & (Suppression.address_hash == _hash(identity))
    return db.session.scalar(select(Suppression.id).where(here)) is not None


def still_owed(identity: Identity) -> Sequence[Response]:
    """Answers of this address whose promise is open."""
    owed = select(Promise.response_id).where(Promise.is_open)
    query = select(Response).where(Response.identity_id == identity.id, Response.id.in_(owed))
    return db.session.scalars(query.order_by(Response.id.desc())).all()


def _hash(identity: Identity) -> str:
    return links.keyed_hash(search_key(identity.value))
