"""Text messages for the tests: a gateway that an organisation set up, and what is due through it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.db import db, writing
from core.models import Organisation
from core.settings import settings
from outbox import gateways
from outbox.models import Message
from outbox.models_texts import TextGateway
from outbox.outlets.errands import Outcome
from outbox.outlets.sealing import seal
from tests.outbox.post import queue

MOBILE = "+31 6 12345678"
DIALLED = "+31612345678"


def set_up(organisation: Organisation, address: str) -> TextGateway:
    """As a manager did who gave this address, without the child process that judges it."""
    judged = Outcome(service="JSON", shown="json://…yes", sealed=seal(address, settings().keys))
    with writing():
        return gateways.set_up(organisation, judged, organisation.created_at)


def text(organisation: Organisation, now: datetime, number: str = MOBILE, **more: Any) -> Message:
    return queue(organisation, now, number, channel="sms", html="", **more)


def row() -> TextGateway:
    """The one gateway that there is."""
    db.session.rollback()
    return db.session.scalars(select(TextGateway)).one()
