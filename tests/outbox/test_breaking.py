"""The breaker: one try in five that speaks against us stops the sending, one probe at a time finds out when it is over."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db, writing
from core.settings import settings
from outbox import breaking, jobs
from outbox.breaking import FIRST_WAIT, LIMIT, open_breaker, probe_now
from outbox.channels import transport
from outbox.letters import Outcome
from outbox.models import Attempt, Message
from outbox.models_pace import Alarm, Breaker
from outbox.replies import is_against_us, refused
from tests.cast import Cast
from tests.outbox.post import queue, states, write
from tests.outbox.test_claiming import elsewhere
from tests.sink import FAULTS, OK, Fault, Sink


def fill(people: Cast, now: datetime, number: int) -> None:
    with writing():
        for n in range(number):
            write(people.webshop, now, f"rita@{n}.example.com")


def held() -> Breaker | None:
    db.session.rollback()
    return open_breaker(transport(settings()).server)


def refuse(sink: Sink, fault: str) -> None:
    sink.by_recipient = lambda to: FAULTS[fault]


def broken(people: Cast, sink: Sink, now: datetime) -> Breaker:
    """Every mail is refused for our sake, until the breaker opens."""
    fill(people, now, 60)
    refuse(sink, "rcpt_550_policy")
    jobs.deliver_due(now)
    found = held()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("outcome", "against"),
    [
        (Outcome("sent", 250, "250 ok"), False),
        (refused(550, "5.1.1 no such user"), False),
        (refused(550, "5.7.1 not welcome"), True),
        (refused(554, "5.6.0 spam"), True),
        (Outcome("retry", 450, "450 4.2.0 greylisted"), False),
        (Outcome("retry", 421, "421 4.7.0 slow down"), False),
        (Outcome("retry", None, "ConnectionRefusedError", everyone=True), True),
        (Outcome("retry", None, "TimeoutError"), True),
        (Outcome("unknown", None, "No answer"), True),
        (Outcome("failed", reply="MAIL_ALLOW does not list it", asked=False), None),
    ],
)
def test_what_speaks_against_us(outcome: Outcome, against: bool | None) -> None:
    assert is_against_us(outcome) is against


@pytest.mark.both_databases
def test_it_opens_and_says_so_once(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    opened = broken(people, smtp_server, now)
    assert opened.reason == "550 5.7.1 you are not welcome here"
    assert caplog.text.count("sending stopped") == 1
    assert db.session.scalars(select(Alarm.kind).where(Alarm.kind == "breaker")).all() == ["breaker"]
    assert states()["failed"] <= LIMIT + 3, "and each other connection stops at its next failure"
    tried = len(smtp_server.mails) + states()["failed"]
    assert jobs.deliver_due(now + timedelta(seconds=30)) == 0
    assert len(smtp_server.mails) + states()["failed"] == tried


def test_below_one_in_five_it_stays_shut(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    fill(people, now, 50)
    bad = {f"rita@{n}.example.com" for n in range(LIMIT - 1)}
    smtp_server.by_recipient = lambda to: FAULTS["rcpt_550_policy"] if to in bad else OK
    jobs.deliver_due(now)
    assert held() is None
    assert states() == {"sent": 41, "failed": 9}


def test_many_addresses_that_do_not_exist_stop_nobody(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    """Each is suppressed at once; the others are owed their word."""
    fill(people, now, 40)
    refuse(smtp_server, "rcpt_550_unknown")
    jobs.deliver_due(now)
    assert (held(), states()) == (None, {"failed": 40})


@pytest.mark.both_databases
def test_one_probe_at_a_time_and_a_good_one_lets_everybody_go(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    opened = broken(people, smtp_server, now)
    waiting = states()["queued"]
    moment = opened.probe_at
    jobs.deliver_due(moment)
    assert states()["queued"] == waiting - 1, "the probe was refused"
    again = held()
    assert again is not None
    assert (again.probe_at, again.probes) == (moment + FIRST_WAIT, 1)
    smtp_server.by_recipient = None
    jobs.deliver_due(again.probe_at)
    assert held() is None
    jobs.deliver_due(again.probe_at + timedelta(seconds=2))
    assert states()["sent"] == waiting - 1


def test_the_wait_doubles(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    opened, waits = broken(people, smtp_server, now), []
    moment = opened.probe_at
    for _ in range(3):
        jobs.deliver_due(moment)
        again = held()
        assert again is not None
        waits.append(again.probe_at - moment)
        moment = again.probe_at
    assert waits == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]


@pytest.mark.both_databases
def test_two_senders_share_one_probe(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    server = transport(settings()).server
    moment = broken(people, smtp_server, now).probe_at
    taken: list[bool] = []

    def work() -> None:
        with writing():
            found = open_breaker(server)
            taken.append(found is not None and breaking.take_probe(found, moment))

    for _ in range(3):
        elsewhere(app, work)
    assert taken == [True, False, False]


def test_without_mail_there_is_no_probe_to_waste(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    opened = broken(people, smtp_server, now)
    with writing():
        for message in db.session.scalars(select(Message).where(Message.state == "queued")):
            message.state = "cancelled"
    jobs.deliver_due(opened.probe_at + timedelta(hours=1))
    found = held()
    assert found is not None
    assert found.probes == 0


def test_a_person_lets_one_try_at_once(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    broken(people, smtp_server, now)
    smtp_server.by_recipient = None
    with writing():
        assert probe_now(transport(settings()).server, now)
    jobs.deliver_due(now)
    assert held() is None
    with writing():
        assert not probe_now(transport(settings()).server, now)


def test_another_server_is_another_matter(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    broken(people, smtp_server, now)
    assert open_breaker("smtp.elsewhere.example:587") is None


def test_nobody_at_the_port_opens_it_and_every_message_waits(app: Flask, people: Cast, now: datetime) -> None:
    from outbox.channels.smtp import Smtp
    from outbox.delivering import deliver

    fill(people, now, 100)
    way = Smtp("smtp://127.0.0.1:9", "localhost")
    moment = now
    for _ in range(40):
        deliver(moment, way)
        moment += timedelta(seconds=2)
    db.session.rollback()
    opened = open_breaker("127.0.0.1:9")
    assert opened is not None
    assert "ConnectionRefusedError" in opened.reason
    assert states() == {"queued": 100}
    asked = select(Attempt.id).where(Attempt.against_us.is_(True))
    assert len(db.session.scalars(asked).all()) <= LIMIT + 1


def test_what_was_in_flight_when_it_opened_does_not_close_it(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    """Only a probe closes it: a batch that was claimed before is no news about now."""
    fill(people, now, 50)
    bad = {f"rita@{n}.example.com" for n in range(LIMIT)}

    def fault(to: str) -> Fault:
        return FAULTS["rcpt_550_policy"] if to in bad else OK

    smtp_server.by_recipient = fault
    jobs.deliver_due(now)
    assert held() is not None
    assert queue(people.webshop, now).state == "queued"
