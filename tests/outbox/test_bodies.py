"""The words of a message stand in a row of their own: written once, never lost unnoticed, gone when they must be."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from core.db import db, writing
from outbox import claiming, jobs
from outbox.claiming import claim
from outbox.deciding import decide_again
from outbox.models import Message, MessageBody
from outbox.suppressing import suppress
from tests.cast import Cast
from tests.outbox.post import attempts, count, queue, send
from tests.sink import Sink

both = pytest.mark.both_databases


def by_hand(statement: str) -> None:
    """As somebody does with a tool that keeps no foreign keys."""
    db.session.rollback()
    with db.engine.connect() as tool:
        driver = tool.connection.driver_connection
        assert driver
        driver.execute("PRAGMA query_only=OFF")
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute(statement)
        tool.detach()


@both
def test_they_are_read_as_before_and_come_with_the_claim(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now, text="Dear Rita,", html="<p>Dear Rita,</p>")
    other = queue(people.webshop, now, text="Dear Robin,", html="<p>Dear Robin,</p>")
    assert (message.text, message.html) == ("Dear Rita,", "<p>Dear Rita,</p>")
    with writing():
        letters = claim("me", now)
    assert [(one.id, one.text, one.html) for one in letters] == [
        (message.id, "Dear Rita,", "<p>Dear Rita,</p>"),
        (other.id, "Dear Robin,", "<p>Dear Robin,</p>"),
    ]


@both
def test_a_message_that_ended_at_once_has_its_words_too(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now, "no address", text="Dear Rita,")
    assert (message.state, message.text) == ("failed", "Dear Rita,")


@both
def test_words_that_are_lost_are_not_sent_as_an_empty_mail(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    lost, sound = queue(people.webshop, now), queue(people.webshop, now, "robin@example.com")
    with writing():
        db.session.execute(delete(MessageBody).where(MessageBody.message_id == lost.id))
    send(now)
    assert (lost.state, lost.server_reply, lost.text) == (
        "failed",
        "It cannot be sent: its words are lost.",
        "",
    )
    assert (sound.state, len(smtp_server.mails)) == ("sent", 1)


@both
def test_they_go_with_their_message(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    with writing():
        db.session.delete(db.session.get_one(Message, message.id))
    assert count(MessageBody) == 0


def test_what_a_tool_left_behind_is_not_said_to_the_next(app: Flask, people: Cast, now: datetime) -> None:
    first = queue(people.webshop, now, text="For Rita alone.").id
    by_hand("DELETE FROM message")
    next_one = queue(people.webshop, now, "robin@example.com", text="Dear Robin,")
    assert (next_one.id, next_one.text) == (first, "Dear Robin,")


def test_a_one_time_link_that_a_tool_left_behind_is_wiped(app: Flask, people: Cast, now: datetime) -> None:
    queue(people.webshop, now, secret=True, text="https://one.time/link")
    by_hand("DELETE FROM message")
    jobs.hand_back(now)
    assert db.session.scalars(select(MessageBody.text)).all() == [""]


@both
def test_a_one_time_link_stays_as_long_as_it_may_be_sent(app: Flask, people: Cast, now: datetime) -> None:
    """However it ended, it goes when its time is over; what is unknown waits for a person."""
    hour = timedelta(hours=1)
    unknown, waiting, blocked = (
        queue(people.webshop, now, f"{name}@example.com", secret=True, expires_in=hour)
        for name in ("unknown", "waiting", "blocked")
    )
    with writing():
        suppress(people.webshop.id, "blocked@example.com", "by_hand", now)
        db.session.get_one(Message, unknown.id).state = "unknown"
    jobs.hand_back(now + hour / 2)
    assert unknown.text
    assert waiting.text
    assert blocked.text
    jobs.hand_back(now + 2 * hour)
    assert (waiting.state, waiting.text, blocked.state, blocked.text) == ("failed", "", "suppressed", "")
    assert unknown.text
    with writing():
        decide_again(db.session.get_one(Message, unknown.id), now + 3 * hour)
    jobs.hand_back(now + 4 * hour)
    assert (unknown.state, bool(unknown.text)) == ("queued", True)


@both
def test_ordinary_words_are_kept(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    message = queue(people.webshop, now, text="Dear Rita,", expires_in=timedelta(hours=1))
    send(now)
    jobs.hand_back(now + timedelta(days=30))
    assert (message.state, message.text) == ("sent", "Dear Rita,")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_state_writes_them_again(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    """PostgreSQL says of each row which transaction wrote it last."""
    for n in range(3):
        queue(people.webshop, now, f"{n}@example.com")
    written = select(text("xmin::text"), MessageBody.message_id).order_by(MessageBody.message_id)
    before = db.session.execute(written).all()
    send(now)
    db.session.rollback()
    assert db.session.execute(written).all() == before


@both
def test_an_address_that_is_blocked_behind_a_mail_that_was_taken_gets_nothing(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    """Suppressed between its claim and its data, while the one before waits to be settled (R16)."""
    first, second, third = (queue(people.webshop, now, f"{n}@example.com") for n in range(3))

    def block_the_second(*_: object) -> None:
        with app.app_context(), writing():
            suppress(people.webshop.id, "1@example.com", "complaint", now)

    smtp_server.noted = block_the_second
    send(now)
    assert [m.state for m in (first, second, third)] == ["sent", "suppressed", "sent"]
    assert [a.outcome for a in attempts(second)] == ["suppressed"]
    assert [m.recipients for m in smtp_server.mails] == [("0@example.com",), ("2@example.com",)]


@both
@pytest.mark.parametrize("taken", [0, 1])
def test_a_claim_that_somebody_else_took_over_is_neither_settled_nor_sent(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime, taken: int
) -> None:
    """While the first is handed over: it, or the next, gets another fence."""
    messages = [queue(people.webshop, now, f"{n}@example.com") for n in range(2)]
    id = messages[taken].id

    def take(*_: object) -> None:
        with app.app_context(), writing():
            lease = claiming.database_time() + timedelta(seconds=30)
            values = {"state": "claimed", "owner": "another", "fence": 7, "lease_until": lease}
            db.session.execute(update(Message).where(Message.id == id, Message.fence < 7).values(values))

    smtp_server.noted = take
    send(now)
    assert (messages[taken].state, messages[taken].owner, messages[taken].fence) == ("claimed", "another", 7)
    other = messages[1 - taken]
    assert other.state == "sent"
    assert len(smtp_server.mails) == 2 - taken
    assert [a.outcome for a in attempts(messages[0])] == ["sent"], "what the server said is kept as evidence"
