"""Taking back a message that has not begun to leave."""

from datetime import datetime

from flask_babel import gettext as _

from core import audit
from core.errors import Conflict
from outbox.models import Message
from outbox.moving import move


def cancel(message: Message, now: datetime) -> None:
    """End it as `cancelled`; Conflict when it was already sent, or is being sent right now."""
    if not move(message, ("queued", "claimed"), state="cancelled", owner=None, lease_until=None):
        raise Conflict(_("This message was already sent."))
    audit.record("cancelled", message, now)
