"""Ticks of the outbox: deliver what is due, and put right what a sender left behind."""

from datetime import datetime

from core.db import writing
from core.settings import settings
from outbox import sweeping
from outbox.channels import transport
from outbox.delivering import deliver


def deliver_due(now: datetime) -> int:
    """At most 500 messages or 20 seconds, over the channel the settings say."""
    return deliver(now, transport(settings()))


def hand_back(now: datetime) -> int:
    """Claims whose lease ended go back to the queue, or are openly unknown; what is too late ends."""
    with writing():
        return sweeping.sweep(now)
