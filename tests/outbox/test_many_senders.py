"""Two clocks and four senders on PostgreSQL: each message once, and a domain that asks for a pause pauses alone.

`script/torture crowd` does it with ten thousand; `MESSAGES=10000` here adds the domain that pauses.
"""

import os
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from core import clock
from core.db import db, writing
from core.settings import Settings
from outbox.models import Attempt, Message
from outbox.models_pace import DomainPause
from tests.cast import Cast
from tests.outbox.post import write
from tests.processes.clocks import clocks
from tests.processes.senders import Nursery, faults_in_accounts, states
from tests.sink import FAULTS, OK, Fault, Sink
from tests.waiting import until

MESSAGES = int(os.environ.get("MESSAGES", "200"))
BUSY = 20


def fill(people: Cast) -> None:
    """Most go to ten domains; some, and those first, to one that wants none of them."""
    for start in range(0, MESSAGES, 500):
        with writing():
            for n in range(start, min(start + 500, MESSAGES)):
                domain = "busy.example.com" if n < BUSY else f"d{n % 10}.example.com"
                write(people.webshop, clock.now(), f"r{n}@{domain}")
            db.session.expunge_all()


def busy_first(to: str) -> Fault:
    return FAULTS["rcpt_421"] if to.endswith("@busy.example.com") else OK


def let_the_pause_pass() -> None:
    """As if the time had passed."""
    with writing():
        db.session.execute(delete(DomainPause))
        db.session.execute(
            update(Message).where(Message.state == "queued").values(next_attempt_at=clock.now())
        )


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_each_once_and_a_busy_domain_alone(
    app: Flask, people: Cast, settings: Settings, smtp_server: Sink
) -> None:
    fill(people)
    smtp_server.by_recipient = busy_first
    with clocks(settings, 2), Nursery(settings, smtp_server.url, LEASE_SECONDS="30") as nursery:
        for _ in range(4):
            nursery.start()
        until(lambda: states()["sent"] == MESSAGES - BUSY, 30 + MESSAGES / 20)
        assert states() == {"sent": MESSAGES - BUSY, "queued": BUSY} or states()["claimed"] <= BUSY
        assert db.session.scalar(select(func.count()).select_from(DomainPause)) == 1
        smtp_server.by_recipient = None
        let_the_pause_pass()
        until(lambda: states()["sent"] == MESSAGES, 90)
    assert faults_in_accounts(smtp_server, settings.domain) == []
    assert set(Counter(mail.message_id for mail in smtp_server.mails).values()) == {1}
    retried = (
        select(func.count(Attempt.id))
        .join(Message)
        .where(Attempt.outcome == "retry", Message.domain != "busy.example.com")
    )
    assert db.session.scalar(retried) == 0, "nobody else was held up"
