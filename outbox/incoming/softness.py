"""When bounces block an address: a hard one counts 1, a soft one ½, at most once a day; at 1 it is blocked."""

from sqlalchemy import select

from core.db import db
from outbox.incoming.machine_reports import Report
from outbox.models import Attempt, Message

THRESHOLD = 1.0
SOFT = 0.5


def is_due_to_block(report: Report, message: Message) -> bool:
    """Whether this bounce, noted already, brings its address to the threshold."""
    if report.status.startswith("5.7."):  # about us: our name, not the address
        return False
    return bool(report.permanent) or SOFT * _days_bounced(message) >= THRESHOLD


def _days_bounced(message: Message) -> int:
    """On how many different days this address bounced."""
    same = (Message.organisation_id == message.organisation_id) & (
        Message.recipient_key == message.recipient_key
    )
    moments = (
        select(Attempt.at)
        .join(Message, Attempt.message_id == Message.id)
        .where(same, Attempt.outcome == "bounced")
    )
    return len({moment.date() for moment in db.session.scalars(moments)})
