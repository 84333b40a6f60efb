"""Every row of the fault table gives the stated state, over a real connection (R14)."""

import socket
from datetime import datetime, timedelta

import pytest
from flask import Flask

from core.db import writing
from outbox import claiming, jobs, pausing
from outbox.channels import connecting
from outbox.channels.smtp import Smtp
from outbox.delivering import deliver
from outbox.suppressing import suppression
from tests.cast import Cast
from tests.outbox.post import attempts, queue, send, states, write
from tests.processes.senders import faults_in_accounts
from tests.sink import FAULTS, Sink

RETRIES = [
    "banner_garbage",
    "banner_421",
    "mail_421",
    "mail_451",
    "rcpt_421",
    "rcpt_450",
    "rcpt_451",
    "rcpt_452",
]
RETRIES += ["data_command_421", "data_command_451", "data_451"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits end after a moment, so that a silent server is a fast test."""
    monkeypatch.setattr(connecting, "CONNECT_SECONDS", 0.2)
    monkeypatch.setattr("outbox.channels.conversation.COMMAND_SECONDS", 0.2)
    monkeypatch.setattr("outbox.channels.conversation.FINAL_SECONDS", 0.2)


@pytest.mark.both_databases
def test_accepted_is_sent(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    message = queue(people.webshop, now)
    assert send(now) == 1
    assert (message.state, message.sent_at, message.server_reply) == ("sent", now, "250 2.0.0 kept as 1")
    assert [(a.outcome, a.code, a.server) for a in attempts(message)] == [("sent", 250, smtp_server.url[7:])]
    assert [mail.recipients for mail in smtp_server.mails] == [("rita@example.com",)]


@pytest.mark.parametrize("fault", RETRIES)
def test_a_passing_fault_is_tried_again_and_then_sent_once(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime, fault: str
) -> None:
    message = queue(people.webshop, now)
    smtp_server.then([fault])
    send(now)
    assert (message.state, message.tries, smtp_server.mails) == ("queued", 1, [])
    assert now <= message.next_attempt_at <= now + timedelta(minutes=1)
    assert attempts(message)[0].reply
    send(now + timedelta(minutes=1))
    assert (message.state, len(smtp_server.mails)) == ("sent", 1)
    assert [a.outcome for a in attempts(message)] == ["retry", "sent"]


def test_a_silent_banner_is_tried_again(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime, impatient: None
) -> None:
    message = queue(people.webshop, now)
    smtp_server.then(["banner_silent"])
    send(now)
    assert (message.state, message.tries) == ("queued", 1)
    assert "timed out" in attempts(message)[0].reply


def test_nobody_at_the_port_makes_everybody_wait(app: Flask, people: Cast, now: datetime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    messages = [queue(people.webshop, now) for _ in range(3)]
    deliver(now, Smtp(f"smtp://127.0.0.1:{port}", "localhost"))
    assert [message.state for message in messages] == ["queued"] * 3
    assert all("ConnectionRefusedError" in attempts(message)[0].reply for message in messages)


def test_an_unknown_user_fails_and_is_never_written_to_again(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, now)
    smtp_server.then(["rcpt_550_unknown"])
    send(now)
    assert (message.state, message.server_reply) == ("failed", "550 5.1.1 no such user")
    blocked = suppression(people.webshop.id, "RITA@example.com")
    assert blocked is not None
    assert blocked.reason == "hard_bounce"
    assert queue(people.webshop, now).state == "suppressed"
    assert queue(people.housing, now).state == "queued"


@pytest.mark.parametrize("fault", ["rcpt_550_policy", "data_554"])
def test_a_refusal_of_us_fails_and_alarms_and_blocks_nobody(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    message = queue(people.webshop, now)
    smtp_server.then([fault])
    send(now)
    assert message.state == "failed"
    assert suppression(people.webshop.id, "rita@example.com") is None
    assert "alarm" in caplog.text


@pytest.mark.parametrize("fault", ["drop_before_accept", "drop_after_accept", "no_final_reply"])
def test_silence_after_the_data_is_openly_unknown_and_never_sent_again(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime, fault: str, impatient: None
) -> None:
    message = queue(people.webshop, now)
    smtp_server.then([fault])
    send(now)
    kept = len(smtp_server.mails)
    assert message.state == "unknown"
    assert "No answer after it was handed over" in message.server_reply
    assert send(now + timedelta(days=1)) == 0
    assert len(smtp_server.mails) == kept == (0 if fault == "drop_before_accept" else 1)


def test_a_lost_connection_in_a_batch_costs_one_message(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    for n in range(5):
        queue(people.webshop, now, f"{n}@example.com")
    smtp_server.then(["drop_after_accept"])
    send(now)
    assert states() == {"unknown": 1, "sent": 4}
    assert len({mail.message_id for mail in smtp_server.mails}) == len(smtp_server.mails) == 5


def test_after_72_hours_it_has_failed_with_the_last_words(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, now)
    smtp_server.then(["rcpt_450"] * 40)
    moment = now
    while message.state == "queued":
        send(moment)
        moment = max(message.next_attempt_at, moment + timedelta(seconds=1))
    assert message.state == "failed"
    assert now + timedelta(hours=65) < moment < now + timedelta(hours=72)
    assert message.server_reply == "Gave up. 450 4.2.0 greylisted"


def test_a_domain_that_asks_for_fewer_mails_is_left_alone(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    busy = [queue(people.webshop, now, f"{n}@busy.example") for n in range(30)]
    other = queue(people.webshop, now, "rita@busy.example.com")
    smtp_server.then(["rcpt_421"])
    send(now)
    assert (other.state, [mail.recipients[0] for mail in smtp_server.mails]) == (
        "sent",
        ["rita@busy.example.com"],
    )
    assert [len(attempts(message)) for message in busy] == [1] + [0] * 29
    assert [(held.domain, held.until) for held in pausing.pauses(now)] == [
        ("busy.example", now + pausing.PAUSE)
    ]
    assert send(now + timedelta(seconds=59)) == 0
    send(now + timedelta(minutes=1))
    assert states() == {"sent": 31}
    assert pausing.pauses(now) == []


ENDS = {
    **dict.fromkeys(RETRIES, "sent"),
    "banner_silent": "sent",
    "rcpt_550_unknown": "failed",
    "rcpt_550_policy": "failed",
    "data_554": "failed",
    "drop_before_accept": "unknown",
    "drop_after_accept": "unknown",
    "no_final_reply": "unknown",
    "slow_final_reply": "sent",
}
"""What becomes of the one message that meets the fault, however many connections are in play."""


def test_each_fault_of_the_server_is_in_the_table() -> None:
    assert ENDS.keys() == FAULTS.keys()


@pytest.mark.parametrize("fault", ENDS)
def test_each_row_of_the_table_with_several_connections(
    app: Flask,
    people: Cast,
    smtp_server: Sink,
    now: datetime,
    fault: str,
    impatient: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(claiming, "BATCH", 3)  # so that one line calls the next
    monkeypatch.setattr("outbox.channels.conversation.FINAL_SECONDS", 0.5)
    smtp_server.gate.set()
    with writing():
        for n in range(12):
            write(people.webshop, now, f"r{n}@d{n % 4}.example.com")
    smtp_server.then([fault])
    for minutes in range(4):
        jobs.deliver_due(now + timedelta(minutes=minutes))
    end = ENDS[fault]
    assert states() == ({"sent": 12} if end == "sent" else {"sent": 11, end: 1})
    ids = [mail.message_id for mail in smtp_server.mails]
    assert len(ids) == len(set(ids))
    assert faults_in_accounts(smtp_server, "localhost") == []
