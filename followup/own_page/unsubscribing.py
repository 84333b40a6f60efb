"""No more mail of one stream to one address. What is still owed to its owner stands on their own pages instead."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core import audit
from core.db import db
from customers.models import Identity
from outbox.suppressing import suppress, suppression
from promises.models import Promise
from surveys.models_responses import Response


def unsubscribe(identity: Identity, now: datetime, stream: str = "service") -> None:
    """Block the address for one stream, and what waits for it; done once, however often it is asked."""
    if suppress(identity.organisation_id, identity.value, "unsubscribed", now, stream):
        audit.record("identity.unsubscribed", identity, now, stream=stream)


def is_blocked(identity: Identity, stream: str = "service") -> bool:
    return suppression(identity.organisation_id, identity.value, stream) is not None


def still_owed(identity: Identity) -> Sequence[Response]:
    """Answers of this address whose promise is open."""
    owed = select(Promise.response_id).where(Promise.is_open)
    query = select(Response).where(Response.identity_id == identity.id, Response.id.in_(owed))
    return db.session.scalars(query.order_by(Response.id.desc())).all()
