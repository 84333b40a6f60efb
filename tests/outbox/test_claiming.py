"""Who holds a message: one sender at a time, for as long as its lease, never after it (R9, R13)."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from core.db import db, writing
from outbox import claiming, jobs, settling
from outbox.channels import Beat
from outbox.claiming import claim, release, renew
from outbox.delivering import deliver
from outbox.letters import Envelope, Letter, Outcome
from outbox.models import Message
from outbox.settling import Settlement
from tests.cast import Cast
from tests.outbox.post import attempts, queue, send, states
from tests.sink import Sink

pytestmark = pytest.mark.both_databases


def take(owner: str, now: datetime, most: int = 20) -> list[Letter]:
    with writing():
        return claim(owner, now, most=most)


def end_leases() -> None:
    """As if the time had passed."""
    with writing():
        db.session.execute(
            update(Message)
            .where(Message.owner.is_not(None))
            .values(lease_until=datetime.fromisoformat("2020-01-01T00:00:00+00:00"))
        )


def test_a_claim_carries_owner_fence_and_a_short_lease(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    (letter,) = take("first", now)
    assert (letter.id, letter.fence, letter.subject) == (message.id, 1, "What we did")
    assert (message.state, message.owner, message.fence) == ("claimed", "first", 1)
    assert message.lease_until is not None
    assert message.lease_until <= claiming.database_time() + timedelta(seconds=30)


def test_what_is_claimed_is_not_claimed_again(app: Flask, people: Cast, now: datetime) -> None:
    for n in range(5):
        queue(people.webshop, now, f"{n}@example.com")
    first, second = take("first", now, most=3), take("second", now)
    assert [len(first), len(second), len(take("third", now))] == [3, 2, 0]
    assert not {letter.id for letter in first} & {letter.id for letter in second}


def test_oldest_first_and_only_what_is_due(app: Flask, people: Cast, now: datetime) -> None:
    queue(people.webshop, now + timedelta(minutes=5), "later@example.com")
    queue(people.webshop, now, "second@example.com")
    queue(people.webshop, now - timedelta(minutes=5), "first@example.com")
    assert [letter.recipient for letter in take("me", now)] == ["first@example.com", "second@example.com"]


def test_two_senders_at_once_claim_each_message_once(app: Flask, people: Cast, now: datetime) -> None:
    for n in range(60):
        queue(people.webshop, now, f"rita@{n}.example.com")
    taken: list[int] = []

    def work(owner: str) -> None:
        with app.app_context():
            while letters := take(owner, now, most=4):
                taken.extend(letter.id for letter in letters)

    threads = [threading.Thread(target=work, args=(f"sender {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(taken) == len(set(taken)) == 60


def test_a_claim_whose_lease_ended_goes_back_to_the_queue(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    take("gone", now)
    assert jobs.hand_back(now) == 0
    end_leases()
    assert jobs.hand_back(now) == 1
    assert (message.state, message.owner) == ("queued", None)
    assert take("next", now)[0].fence == 2


def test_an_interrupted_hand_over_is_unknown_with_its_evidence_and_never_claimed(
    app: Flask, people: Cast, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    message = queue(people.webshop, now)
    (letter,) = take("gone", now)
    with writing():
        assert settling.mark("gone", letter, now)
    assert take("next", now) == []
    end_leases()
    assert jobs.hand_back(now) == 1
    assert message.state == "unknown"
    assert [(a.outcome, a.reply) for a in attempts(message)] == [("unknown", message.server_reply)]
    assert "may have it, or not" in message.server_reply
    assert "alarm" in caplog.text
    assert take("next", now + timedelta(days=1)) == []


def test_a_stale_owner_changes_nothing(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    (letter,) = take("stale", now)
    end_leases()
    jobs.hand_back(now)
    take("fresh", now)
    with writing():
        assert not settling.mark("stale", letter, now)
        settling.settle("stale", "", [Settlement(letter, Outcome("sent", 250, "250 ok"))], now)
    assert (message.state, message.owner, message.sent_at) == ("claimed", "fresh", None)
    assert [a.reply for a in attempts(message)] == ["250 ok"]


def test_the_same_owner_with_an_old_fence_changes_nothing(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    (old,) = take("me", now)
    with writing():
        release("me")
    take("me", now)
    with writing():
        assert not settling.mark("me", old, now)
    assert message.state == "claimed"


def test_a_renewed_lease_runs_on(app: Flask, people: Cast, now: datetime) -> None:
    queue(people.webshop, now)
    take("alive", now)
    end_leases()
    with writing():
        assert renew("alive") == 1
    assert jobs.hand_back(now) == 0


def test_a_clock_that_was_set_back_keeps_nothing_for_ever(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    take("gone", now)
    with writing():
        db.session.execute(update(Message).values(lease_until=claiming.database_time() + timedelta(days=1)))
    assert jobs.hand_back(now) == 1
    assert message.state == "queued"


class Pausing:
    """A way out that lets a test act while a message is under way."""

    channel, server, leaves = "mail", "pausing", True

    def __init__(
        self, offered: Callable[[], object] = lambda: None, handed: Callable[[], object] = lambda: None
    ) -> None:
        self.offered, self.handed, self.sent = offered, handed, 0

    def offer(self, envelope: Envelope, beat: Beat) -> Outcome | None:
        assert not db.session.registry.has() or not db.session().in_transaction()
        self.offered()
        return None

    def transmit(
        self,
        envelope: Envelope,
        following: Envelope | None,
        beat: Beat,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Outcome:
        assert not db.session.registry.has() or not db.session().in_transaction()
        self.handed()
        self.sent += 1
        return Outcome("sent", 250, "250 ok")

    def close(self) -> None:
        return None


def elsewhere(app: Flask, work: Callable[[], object]) -> None:
    """Do it in another thread with a session of its own, as another process would."""

    def run() -> None:
        with app.app_context():
            work()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)


def test_a_sender_that_slept_through_its_lease_before_the_data_sends_nothing(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, now)

    def meanwhile() -> None:
        end_leases()
        jobs.hand_back(now)
        send(now)

    sleeper = Pausing(offered=lambda: elsewhere(app, meanwhile))
    deliver(now, sleeper)
    assert (sleeper.sent, len(smtp_server.mails), message.state) == (0, 1, "sent")


def test_a_sender_that_slept_through_its_lease_in_the_data_is_not_helped(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, now)

    def meanwhile() -> None:
        end_leases()
        jobs.hand_back(now)
        send(now)

    sleeper = Pausing(handed=lambda: elsewhere(app, meanwhile))
    deliver(now, sleeper)
    assert (sleeper.sent, len(smtp_server.mails), message.state) == (1, 0, "unknown")
    assert [(a.outcome, a.code) for a in attempts(message)] == [("unknown", None), ("sent", 250)]


def test_asked_to_end_it_gives_back_what_it_has_not_begun(app: Flask, people: Cast, now: datetime) -> None:
    for n in range(6):
        queue(people.webshop, now, f"{n}@example.com")
    way = Pausing(handed=claiming.stopping.set)
    try:
        assert deliver(now, way) == 1
        assert deliver(now, way) == 0
    finally:
        claiming.stopping.clear()
    assert states() == {"sent": 1, "queued": 5}
    assert db.session.scalars(select(Message.owner).where(Message.owner.is_not(None))).all() == []


def test_a_crash_in_the_network_gives_back_the_rest(app: Flask, people: Cast, now: datetime) -> None:
    for n in range(3):
        queue(people.webshop, now, f"{n}@example.com")

    def crash() -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        deliver(now, Pausing(handed=crash))
    assert states() == {"transmitting": 1, "queued": 2}
