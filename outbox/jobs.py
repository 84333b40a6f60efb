"""Ticks of the outbox: deliver what is due, put right what a sender left behind, read what came in, and post the alarms."""

from datetime import datetime

from core.db import writing
from core.settings import settings
from outbox import alerting, holding, lines, sweeping, texting
from outbox.channels import connections, transport
from outbox.delivering import deliver


def deliver_due(now: datetime) -> int:
    """Some seconds' worth of messages, over the channel and as many connections as the settings say."""
    way = transport(settings())
    return lines.deliver_at_once(now, connections(settings())) if way.leaves else deliver(now, way)


def deliver_texts(now: datetime) -> int:
    """What is due as a text message, through each organisation's own gateway."""
    return texting.deliver(now)


def hand_back(now: datetime) -> int:
    """Claims whose lease ended go back to the queue, or are openly unknown; what is too late ends."""
    with writing():
        return sweeping.sweep(now)


def post_alarms(now: datetime) -> int:
    """Alarms go to ALERT_URL, where there is one; returns how many posts arrived."""
    return alerting.post_due(now)


def fetch_mail(now: datetime) -> int:
    """Answers and bounces that wait in the mailbox of IMAP_URL; never by a restored copy, which would take them from the original."""
    from outbox.incoming.fetching import fetch

    url = settings().imap_url
    return fetch(url, now) if url and not holding.held() else 0
