"""A person decides about a message of which nobody can know whether it arrived."""

from datetime import datetime

from flask_babel import gettext as _

from core import audit
from core.db import db
from core.errors import Conflict
from outbox.freezing import THREE_DAYS
from outbox.models import Attempt, Message
from outbox.moving import move


def decide_delivered(message: Message, now: datetime) -> None:
    """It arrived, at the moment it was handed over. Conflict when somebody decided before."""
    handed_over = max((a.at for a in message.attempts if a.outcome == "unknown"), default=now)
    _decide(message, now, "It arrived.", state="sent", sent_at=handed_over)


def decide_again(message: Message, now: datetime) -> None:
    """Send it once more, under the same Message-ID, so that a mail program may show it once."""
    _decide(message, now, "Send it again.", state="queued", next_attempt_at=now, expires_at=now + THREE_DAYS)


def _decide(message: Message, now: datetime, said: str, **values: object) -> None:
    if not move(message, ("unknown",), **values):
        raise Conflict(_("This was decided already."))
    reply = f"{said} ({audit.actor()})"
    db.session.add(
        Attempt(message_id=message.id, message_key=message.key, at=now, outcome="decided", reply=reply)
    )
    audit.record("decided", message, now, state=values["state"])
