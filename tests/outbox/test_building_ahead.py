"""The next letters are built, and one is named, while the server thinks about the last: nothing follows but speed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from core.db import db, writing
from core.settings import Settings
from outbox import running
from outbox.cancelling import cancel
from outbox.envelopes import build
from outbox.letters import Envelope, Letter
from outbox.models import Message
from tests.cast import Cast
from tests.outbox.post import attempts, queue, send, states
from tests.processes.senders import faults_in_accounts
from tests.sink import Mail, Sink

pytestmark = pytest.mark.both_databases


@pytest.fixture
def three(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> list[Message]:
    """Messages that are due, in the order in which they will leave."""
    return [queue(people.webshop, now, f"{n}@example.com") for n in range(3)]


def first_building(then: Callable[[Letter], object]) -> Callable[[Letter, Settings], Envelope]:
    """`build`, which does something else before."""

    def building(letter: Letter, settings: Settings) -> Envelope:
        then(letter)
        return build(letter, settings)

    return building


def test_a_server_that_thinks_until_the_next_is_built(
    three: list[Message], smtp_server: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_the_gate(letter: Letter) -> None:
        if letter.id == three[1].id:
            smtp_server.gate.set()

    smtp_server.then(["slow_final_reply"])
    monkeypatch.setattr(running, "build", first_building(open_the_gate))
    assert send(now) == 3
    assert states() == {"sent": 3}


def test_each_is_built_once_and_arrives_as_it_was_written(
    three: list[Message], smtp_server: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[int] = []
    monkeypatch.setattr(running, "build", first_building(lambda letter: built.append(letter.id)))
    send(now)
    assert built == [message.id for message in three]
    assert [mail.recipients for mail in smtp_server.mails] == [(f"{n}@example.com",) for n in range(3)]
    assert faults_in_accounts(smtp_server, "localhost") == []


def test_one_that_is_spoilt_fails_in_its_own_turn(
    three: list[Message], smtp_server: Sink, now: datetime
) -> None:
    with writing():
        db.session.execute(update(Message).where(Message.id == three[1].id).values(recipient="two words"))
    send(now)
    assert [message.state for message in three] == ["sent", "failed", "sent"]
    assert three[1].server_reply == "It cannot be sent: this is not one mail address."


def test_whatever_else_goes_wrong_with_it_the_one_under_way_is_settled(
    three: list[Message], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it is built again when it is its turn."""
    tries: list[int] = []

    def fail_at_first(letter: Letter) -> None:
        tries.append(letter.id)
        if tries.count(three[1].id) == 1 and letter.id == three[1].id:
            raise MemoryError

    monkeypatch.setattr(running, "build", first_building(fail_at_first))
    send(now)
    assert states() == {"sent": 3}
    assert tries == [three[n].id for n in (0, 1, 2, 1)]


def test_one_that_is_taken_back_meanwhile_does_not_leave(
    app: Flask, three: list[Message], smtp_server: Sink, now: datetime
) -> None:
    def take_back(mail: Mail) -> None:
        if len(smtp_server.mails) == 0:
            with app.app_context(), writing():
                cancel(db.session.get_one(Message, three[1].id), now)

    smtp_server.noted = take_back
    send(now)
    assert [message.state for message in three] == ["sent", "cancelled", "sent"]
    assert [mail.recipients for mail in smtp_server.mails] == [("0@example.com",), ("2@example.com",)]


def test_when_the_last_ends_badly_the_next_waits_with_the_others(
    three: list[Message], smtp_server: Sink, now: datetime
) -> None:
    smtp_server.then(["drop_after_accept", "mail_451"])
    send(now)
    assert [message.state for message in three] == ["unknown", "queued", "queued"]
    send(now + timedelta(minutes=1))
    assert [message.state for message in three] == ["unknown", "sent", "sent"]
    assert [a.outcome for a in attempts(three[1])] == ["retry", "sent"]
    assert faults_in_accounts(smtp_server, "localhost") == []
