"""Who gets nothing: the suppressed, everybody during a mail-hold, anybody outside a demo, a narrowed list (R16, R20)."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from core.db import db, writing
from core.models import Organisation
from outbox import holding, jobs, suppressing
from outbox.channels import Transport
from outbox.channels.mailbox import Mailbox
from outbox.delivering import deliver
from outbox.queries import counts
from tests.cast import Cast, make_organisation
from tests.outbox.post import attempts, queue, send, states
from tests.outbox.test_claiming import Pausing, elsewhere, take
from tests.sink import Sink


def block(organisation: Organisation, now: datetime, reason: str = "erased") -> None:
    with writing():
        suppressing.suppress(organisation.id, "rita@example.com", reason, now)


@pytest.mark.both_databases
@pytest.mark.parametrize("reason", ["hard_bounce", "complaint", "unsubscribed", "erased", "by_hand"])
def test_what_waits_for_a_suppressed_address_ends(
    app: Flask, people: Cast, now: datetime, reason: str
) -> None:
    message, other = queue(people.webshop, now), queue(people.housing, now)
    block(people.webshop, now, reason)
    assert (message.state, other.state) == ("suppressed", "queued")
    assert [a.outcome for a in attempts(message)] == ["suppressed"]


@pytest.mark.both_databases
@pytest.mark.parametrize("step", ["claimed", "offered"])
def test_suppressed_between_claim_and_data_gets_nothing(
    app: Flask, people: Cast, now: datetime, step: str
) -> None:
    message = queue(people.webshop, now, secret=True)
    webshop = people.webshop.id
    db.session.rollback()

    def meanwhile() -> None:
        with writing():
            suppressing.suppress(webshop, "rita@example.com", "erased", now)

    way = Pausing(offered=lambda: elsewhere(app, meanwhile))
    assert deliver(now, way) == 0
    assert (way.sent, message.state, message.text) == (0, "suppressed", "")
    assert [a.outcome for a in attempts(message)] == ["suppressed"]


def test_suppressed_after_the_data_began_is_too_late_and_openly_sent(
    app: Flask, people: Cast, now: datetime
) -> None:
    message = queue(people.webshop, now)
    webshop = people.webshop.id
    db.session.rollback()

    def meanwhile() -> None:
        with writing():
            suppressing.suppress(webshop, "rita@example.com", "erased", now)

    deliver(now, Pausing(handed=lambda: elsewhere(app, meanwhile)))
    assert message.state == "sent"
    assert queue(people.webshop, now).state == "suppressed"


@pytest.mark.both_databases
def test_blocking_twice_is_one_block_and_can_be_lifted(app: Flask, people: Cast, now: datetime) -> None:
    with writing():
        assert suppressing.suppress(people.webshop.id, "rita@example.com", "complaint", now)
        assert not suppressing.suppress(people.webshop.id, "RITA@example.com", "erased", now)
    found = suppressing.suppression(people.webshop.id, "rita@example.com")
    assert found is not None
    assert (found.reason, "rita" in found.address_hash) == ("complaint", False)
    with writing():
        assert suppressing.lift(people.webshop.id, "Rita@example.com")
        assert not suppressing.lift(people.webshop.id, "rita@example.com")
    assert queue(people.webshop, now).state == "queued"


@pytest.mark.both_databases
def test_nothing_leaves_during_a_mail_hold(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    with writing():
        holding.hold("restored from a backup", now)
    queue(people.webshop, now)
    assert jobs.deliver_due(now) == 0
    assert (states(), smtp_server.mails) == ({"queued": 1}, [])
    with writing():
        assert holding.release("alice@webshop.example", now) == 1
    assert holding.held() is None
    assert jobs.deliver_due(now) == 1


def test_after_a_long_mail_hold_old_words_are_not_sent(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, now)
    later = now + timedelta(hours=73)
    assert jobs.deliver_due(later) == 0
    assert jobs.hand_back(later) == 1
    assert (message.state, message.server_reply) == ("failed", "Not delivered in time. ")
    assert smtp_server.mails == []


def test_a_demo_writes_to_reserved_addresses_only(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    with writing():
        demo = make_organisation("demo", now, demo=True)
    real, reserved = queue(demo, now, "someone@terugkoppel.nl"), queue(demo, now, "someone@mail.example.org")
    send(now)
    assert (real.state, reserved.state) == ("failed", "sent")
    assert "reserved addresses" in real.server_reply
    assert [mail.recipients for mail in smtp_server.mails] == [("someone@mail.example.org",)]


@pytest.mark.settings(mail_allow=("Test.example",))
def test_mail_allow_narrows(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    inside, outside = (
        queue(people.webshop, now, "a@TEST.example"),
        queue(people.webshop, now, "a@x.test.example"),
    )
    send(now)
    assert (inside.state, outside.state) == ("sent", "failed")
    assert outside.server_reply == "MAIL_ALLOW does not list x.test.example."


def test_without_smtp_everything_stays_here_and_can_be_read(app: Flask, people: Cast, now: datetime) -> None:
    with writing():
        demo = make_organisation("demo", now, demo=True)
    kept, secret = (
        queue(demo, now, "someone@terugkoppel.nl"),
        queue(demo, now, secret=True, expires_in=timedelta(hours=1)),
    )
    assert jobs.deliver_due(now) == 2
    assert (kept.state, kept.server_reply) == ("sent", "kept in /mailbox: no SMTP_URL is set")
    assert secret.text
    jobs.hand_back(now + timedelta(hours=1))
    assert (secret.state, secret.text) == ("sent", "")


def test_every_message_is_in_one_state(app: Flask, people: Cast, now: datetime) -> None:
    for n in range(4):
        queue(people.webshop, now, f"{n}@example.com")
    queue(people.housing, now)
    take("someone", now, most=1)
    block(people.webshop, now)
    found = counts(people.webshop.id)
    assert found.adds_up
    assert (found.total, found.waiting) == (4, 4)
    assert found.by_state | {"claimed": 1, "queued": 3} == found.by_state


def test_both_ways_out_are_transports() -> None:
    way: Transport = Mailbox()
    assert not way.leaves
