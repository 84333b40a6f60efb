"""Several connections at once: two a domain, nobody starved by a slow one, each message once."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import select

from core.database.connections import OwnConnection
from core.db import db, writing
from core.settings import Settings, settings
from outbox import claiming, jobs, lines, pausing
from outbox.channels import CONNECTIONS, connections, transport
from outbox.models import Message
from outbox.running import Run
from tests.cast import Cast
from tests.outbox.post import queue, states, write
from tests.outbox.test_claiming import elsewhere, take
from tests.sink import FAULTS, OK, Fault, Sink
from tests.waiting import until


def fill(people: Cast, now: datetime, **domains: int) -> None:
    """So many messages to each domain (`_` stands for a dot), in this order."""
    with writing():
        for name, number in domains.items():
            for n in range(number):
                write(people.webshop, now, f"r{n}@{name.replace('_', '.')}")


def at_domain(sink: Sink) -> Counter[str]:
    return Counter(mail.recipients[0].rpartition("@")[2] for mail in list(sink.mails))


@contextmanager
def held_up(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Turns are short here; whoever is held up by the server is let go at the end."""
    monkeypatch.setattr(lines, "WAIT_SECONDS", 2.0)
    monkeypatch.setattr(lines, "TURN_SECONDS", 1.0)
    try:
        yield
    finally:
        sink.gate.set()
        until(lambda: not any(thread.name == "mail line" for thread in threading.enumerate()), 20)


def slow_for(domain: str, sink: Sink) -> None:
    """Its mails are answered when the gate opens, all others at once."""

    def fault_of(recipient: str) -> Fault:
        return FAULTS["slow_final_reply"] if recipient.endswith(f"@{domain}") else OK

    sink.by_recipient = fault_of


@pytest.mark.both_databases
def test_each_message_leaves_once_over_several_connections(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    fill(people, now, **{f"d{n}_example": 40 for n in range(6)})
    assert jobs.deliver_due(now) == 240
    assert states() == {"sent": 240}
    assert set(Counter(mail.message_id for mail in smtp_server.mails).values()) == {1}
    most = 1 if db.engine.dialect.name == "sqlite" else 4
    assert most <= smtp_server.most_open <= 4


def test_where_one_writes_at_a_time_a_second_line_waits_for_a_reason(app: Flask, now: datetime) -> None:
    """On SQLite: whoever waits for a slow mail server calls another, whoever is kept busy by the database does not."""
    called: list[int] = []
    run = Run(
        now, transport(settings()), settings(), cast(OwnConnection, None), 0.0, lambda: called.append(1)
    )
    run.more, run.begun, run.served = True, monotonic() - 10, 5.0
    run.call_another()
    assert not called
    run.served = 9.0
    run.call_another()
    run.call_another()
    assert called == [1], "one for each batch"


@pytest.mark.both_databases
def test_a_third_sender_finds_a_busy_domain_taken(app: Flask, people: Cast, now: datetime) -> None:
    fill(people, now, busy_example=20, other_example=3)
    first, second, third = (take(name, now, most=5) for name in ("first", "second", "third"))
    assert [{letter.domain for letter in letters} for letters in (first, second, third)] == [
        {"busy.example"},
        {"busy.example"},
        {"other.example"},
    ]
    with writing():
        claiming.release("first")
    assert {letter.domain for letter in take("fourth", now, most=5)} == {"busy.example"}


@pytest.mark.both_databases
def test_senders_of_several_machines_count_together(app: Flask, people: Cast, now: datetime) -> None:
    fill(people, now, busy_example=40)
    taken: list[str] = []

    def work(owner: str) -> None:
        taken.extend(owner for _ in take(owner, now, most=5))

    threads = [
        threading.Thread(target=elsewhere, args=(app, lambda n=n: work(f"sender {n}"))) for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(Counter(taken).values()) == [5, 5]


def test_a_slow_domain_holds_two_connections_and_nobody_else(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(people, now, slow_example=300, quick_example=10)
    slow_for("slow.example", smtp_server)
    with held_up(smtp_server, monkeypatch):
        for _ in range(2):
            jobs.deliver_due(now)
        assert at_domain(smtp_server) == {"slow.example": 2, "quick.example": 10}
        held = select(Message.domain).where(Message.owner.is_not(None))
        assert db.session.scalars(held).all() == ["slow.example"] * 2, "what is not begun waits for anybody"


def test_what_was_claimed_with_a_slow_one_is_free_again(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were in one claim: the connection hangs, the others leave over the next one."""
    fill(people, now, slow_example=1, quick_example=5)
    slow_for("slow.example", smtp_server)
    with held_up(smtp_server, monkeypatch):
        jobs.deliver_due(now)
        jobs.deliver_due(now)
        assert at_domain(smtp_server) == {"slow.example": 1, "quick.example": 5}
    assert states() == {"sent": 6}


@pytest.mark.both_databases
def test_a_domain_that_asks_for_a_pause_pauses_alone(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    fill(people, now, busy_example=200, other_example=10)
    smtp_server.by_recipient = lambda to: FAULTS["rcpt_421"] if to.endswith("@busy.example") else OK
    jobs.deliver_due(now)
    assert at_domain(smtp_server) == {"other.example": 10}
    assert states() == {"queued": 200, "sent": 10}
    assert (
        sum(message.tries for message in db.session.scalars(select(Message)) if message.state == "queued")
        <= 2
    )


def test_each_pause_is_twice_the_last_until_a_mail_is_taken(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    queue(people.webshop, now, "rita@busy.example")
    moment, lengths = now, []
    smtp_server.then(["rcpt_421"] * 4)
    for _ in range(4):
        jobs.deliver_due(moment)
        db.session.rollback()
        (held,) = pausing.pauses(moment)
        lengths.append(held.until - moment)
        moment = max(held.until, db.session.scalars(select(Message.next_attempt_at)).one())
    assert lengths == [pausing.PAUSE * n for n in (1, 2, 4, 8)]
    jobs.deliver_due(moment)
    assert states() == {"sent": 1}
    assert not pausing.paused(), "and the next pause is a short one"


@pytest.mark.both_databases
def test_two_that_hear_it_at_once_pause_once(app: Flask, now: datetime) -> None:
    for seconds in (0, 1):
        with writing():
            pausing.pause("busy.example", "421 slow down", now + timedelta(seconds=seconds))
    assert [(held.times, held.until) for held in pausing.pauses(now)] == [(1, now + pausing.PAUSE)]


@pytest.mark.parametrize("error", [RuntimeError, SystemExit])
def test_an_error_of_one_line_is_the_error_of_the_tick(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:  # fmt: skip
    """Whatever it died of, the line is free again at once."""
    queue(people.webshop, now)

    def spoilt(*_: object) -> None:
        raise error("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr("outbox.running.build", spoilt)
        for _ in range(CONNECTIONS + 1):
            with pytest.raises(error, match="a fault of ours"):
                jobs.deliver_due(now)
    assert states() == {"queued": 1}
    jobs.deliver_due(now)
    assert states() == {"sent": 1}


@pytest.mark.parametrize(
    ("query", "most"), [("", 4), ("?connections=1", 1), ("?connections=99", 20), ("?connections=x", 4)]
)
def test_the_setting_says_how_many(query: str, most: int) -> None:
    assert connections(Settings(smtp_url=f"smtp://localhost{query}")) == most
