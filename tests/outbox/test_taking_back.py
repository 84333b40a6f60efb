"""Cancelling and deciding: a person against a sender, and a person about what nobody can know (R21)."""

import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db, writing
from core.errors import Conflict
from core.models import Event
from outbox import jobs, settling
from outbox.cancelling import cancel
from outbox.deciding import decide_again, decide_delivered
from outbox.models import Message
from outbox.sweeping import LEFT
from tests.cast import Cast
from tests.outbox.post import attempts, queue, send, states
from tests.outbox.test_claiming import end_leases, take
from tests.sink import Sink
from tests.waiting import until

pytestmark = pytest.mark.both_databases


def lose(message: Message, now: datetime) -> None:
    """As if its sender had been killed in the middle."""
    (letter,) = take("killed", now)
    with writing():
        settling.mark("killed", letter, now)
    end_leases()
    jobs.hand_back(now)
    assert message.state == "unknown"


def test_a_waiting_message_is_taken_back(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    message = queue(people.webshop, now)
    with writing():
        cancel(message, now)
    assert (message.state, send(now), smtp_server.mails) == ("cancelled", 0, [])
    assert [event.verb for event in db.session.scalars(select(Event))] == ["cancelled"]


def test_a_claimed_message_is_taken_back_from_its_sender(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    (letter,) = take("sender", now)
    with writing():
        cancel(message, now)
    with writing():
        assert not settling.mark("sender", letter, now)
    assert message.state == "cancelled"


def test_what_is_being_sent_cannot_be_taken_back(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, now)
    (letter,) = take("sender", now)
    with writing():
        settling.mark("sender", letter, now)
    with pytest.raises(Conflict), writing():
        cancel(message, now)
    assert message.state == "transmitting"


def test_cancelling_races_a_sender(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    """Whoever wins, the row and the mail say the same, and the loser is told."""
    ids = [queue(people.webshop, now, f"{n}@example.com").id for n in range(250)]
    random.Random(7).shuffle(ids)
    lost: list[int] = []

    def take_back() -> None:
        until(lambda: smtp_server.mails)
        with app.app_context():
            for id in ids:
                try:
                    with writing():
                        cancel(db.session.get_one(Message, id), now)
                except Conflict:
                    lost.append(id)

    other = threading.Thread(target=take_back)
    other.start()
    while other.is_alive() or states().get("queued"):
        send(now)
    other.join()
    assert 0 < len(lost) < 250
    assert states() == {"sent": len(lost), "cancelled": 250 - len(lost)}
    assert len(smtp_server.mails) == len(lost)


def test_a_person_says_that_it_arrived(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    lose(message, now)
    with writing():
        decide_delivered(message, now)
    assert (message.state, message.sent_at) == ("sent", now)
    assert [(a.outcome, a.reply) for a in attempts(message)] == [
        ("unknown", LEFT),
        ("decided", "It arrived. (clock)"),
    ]


def test_what_arrived_arrived_when_it_was_handed_over(app: Flask, people: Cast, now: datetime) -> None:
    """Whether a word came in time does not hang on the day on which somebody looks into it."""
    message = queue(people.webshop, now)
    lose(message, now)
    with writing():
        decide_delivered(message, now + timedelta(days=3))
    assert message.sent_at == now
    assert attempts(message)[-1].at == now + timedelta(days=3)


def test_two_who_decide_at_once_are_not_both_right(app: Flask, people: Cast, now: datetime) -> None:
    messages = [queue(people.webshop, now, f"{n}@example.com") for n in range(20)]
    with writing():
        for message in messages:
            message.state = "unknown"
    ids, refused = [m.id for m in messages], []
    ready = threading.Barrier(2)

    def settle(verb: Callable[[Message, datetime], None]) -> None:
        with app.app_context():
            for id in ids:
                ready.wait(20)
                try:
                    with writing():
                        verb(db.session.get_one(Message, id), now)
                except Conflict:
                    refused.append(id)

    others = [threading.Thread(target=settle, args=[verb]) for verb in (decide_delivered, decide_again)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    db.session.rollback()
    assert sorted(refused) == sorted(ids), "one of the two, each time"
    assert len(list(db.session.scalars(select(Event).where(Event.verb == "decided")))) == len(ids)


def test_a_person_has_it_sent_again_under_the_same_message_id(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, now)
    smtp_server.then(["drop_after_accept"])
    send(now)
    later = now + timedelta(days=4)
    with writing():
        decide_again(message, later)
    send(later)
    first, second = smtp_server.mails
    assert (message.state, first.raw == second.raw) == ("sent", True)


def test_it_is_decided_once(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    lose(message, now)
    with writing():
        decide_again(message, now)
    with pytest.raises(Conflict), writing():
        decide_delivered(message, now)
    assert message.state == "queued"
