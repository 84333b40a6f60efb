"""A phone call: a task for a colleague, with what to say. No clock ever claims it.

What counts as evidence is a colleague's word, under their name: they spoke to them. Who did not answer is tried
again on a day that is said; after `TRIES` times, or when the number is somebody else's, it has failed.
"""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from core.text import one_line
from outbox.models import Attempt, Message
from outbox.moving import move
from outbox.suppressing import suppress_key

TRIES = 3
OUTCOMES = ("reached", "not_reached", "wrong_number", "unwanted")
AGAIN = timedelta(days=1)
FURTHEST = timedelta(days=60)


def record(
    call: Message, outcome: str, note: str, now: datetime, *, seen: int, again_at: datetime | None = None
) -> str:
    """What came of a try; the state it leads to. `seen`: how many tries the colleague saw, so that one call counts once."""
    said = one_line(note, 500)
    state, more = _leads_to(call, outcome, now, again_at)
    values = {"state": state, "tries": seen + 1, "server_reply": f"{outcome}. {said}".strip(), **more}
    if outcome not in OUTCOMES or not move(
        call, ("queued",), Message.channel == "phone", Message.tries == seen, **values
    ):
        raise Conflict(_("A colleague wrote down what came of this call. Look at it first."))
    db.session.add(
        Attempt(
            message_id=call.id,
            message_key=call.key,
            at=now,
            outcome=outcome,
            server=audit.actor(),
            reply=said,
        )
    )
    audit.record(f"call.{outcome}", call, now)
    if outcome == "wrong_number":
        suppress_key(call.organisation_id, call.recipient_key, "hard_bounce", now)
    db.session.flush()
    return state


def _leads_to(
    call: Message, outcome: str, now: datetime, again_at: datetime | None
) -> tuple[str, dict[str, datetime]]:
    """(state, what else is written)"""
    if outcome == "reached":
        return "sent", {"sent_at": now}
    if outcome == "not_reached" and call.tries + 1 < TRIES:
        return "queued", {"next_attempt_at": _later(again_at, now)}
    return ("suppressed" if outcome == "unwanted" else "failed"), {}


def _later(again_at: datetime | None, now: datetime) -> datetime:
    wanted = again_at or now + AGAIN
    if not now < wanted < now + FURTHEST:
        raise DomainError(_("Try again on a day from today on, within two months."))
    return wanted
