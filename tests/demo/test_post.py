"""The demo's post keeps everything, loses what its stories lose, and brings back what did not arrive."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from core.db import db, writing
from demo import post
from demo.notices import not_delivered
from demo.post import KEPT, Post, bounces, postman
from demo.reading import Script
from demo.stage import Stage
from outbox import claiming
from outbox.delivering import deliver
from outbox.freezing import freeze
from outbox.incoming.reading import read
from outbox.incoming.receiving import receive
from outbox.letters import Envelope, Letter
from outbox.models import Message
from outbox.suppressing import suppression
from tests.cast import Cast

GONE = "550 5.1.1 Recipient address rejected: user unknown"
FULL = "552 5.2.2 Mailbox full: quota exceeded for this user"


def envelope(recipient: str) -> Envelope:
    return Envelope("us@example.org", recipient, b"Subject: hello\r\n\r\nhello\r\n")


def beat() -> None:
    """Nobody waits here."""


@pytest.fixture
def queued(people: Cast, now: datetime) -> Message:
    """A message to Rita that waits."""
    with writing():
        return freeze(
            people.webshop.id, "update", "rita@example.com", "Done", "text", "<p>html</p>", "Alice", "en", now
        )


@pytest.fixture
def message(queued: Message, now: datetime) -> Message:
    """A message to Rita that was sent."""
    deliver(now, Post({}))
    db.session.refresh(queued)
    return queued


def test_it_keeps_what_it_is_given(app: Flask) -> None:
    kept = Post({})
    assert kept.offer(envelope("rita@example.com"), beat) is None
    outcome = kept.transmit(envelope("rita@example.com"), None, beat)
    assert (outcome.state, outcome.reply, outcome.kept) == ("sent", KEPT, True)
    assert not kept.leaves


def test_what_is_lost_is_unknown_with_how_the_connection_ended() -> None:
    outcome = Post({"rita@example.com": "connection closed by peer"}).transmit(
        envelope("rita@example.com"), None, beat
    )
    assert outcome.state == "unknown"
    assert outcome.reply.endswith("connection closed by peer")


def test_others_arrive_while_one_is_lost() -> None:
    assert (
        Post({"rita@example.com": "closed"}).transmit(envelope("sam@example.com"), None, beat).state == "sent"
    )


def test_a_message_goes_through_the_real_states(message: Message) -> None:
    assert message.state == "sent"
    assert message.server_reply == KEPT
    assert [a.outcome for a in message.attempts] == ["sent"]


def test_a_lost_message_stays_unknown_and_is_never_sent_again(people: Cast, now: datetime) -> None:
    with writing():
        made = freeze(
            people.webshop.id, "update", "rita@example.com", "Done", "text", "<p>html</p>", "Alice", "en", now
        )
    deliver(now, Post({"rita@example.com": "closed"}))
    assert deliver(now + timedelta(hours=1), Post({})) == 0
    db.session.refresh(made)
    assert made.state == "unknown"


def test_a_notice_is_read_as_the_bounce_it_is(message: Message, now: datetime) -> None:
    incoming = read(not_delivered(message, GONE, now))
    assert incoming.kind == "bounce"
    assert incoming.report.permanent
    assert list(incoming.report.recipients) == [message.recipient]


def test_a_notice_ends_its_message_and_blocks_an_address_that_is_gone(
    people: Cast, message: Message, now: datetime
) -> None:
    with writing():
        found = receive(not_delivered(message, GONE, now), now)
    db.session.refresh(message)
    assert found["matched"]
    assert message.state == "bounced"
    assert GONE in message.server_reply
    assert suppression(people.webshop.id, "rita@example.com")


def test_the_same_notice_twice_is_one_bounce(message: Message, now: datetime) -> None:
    notice = not_delivered(message, FULL, now)
    for _turn in range(2):
        with writing():
            receive(notice, now)
    db.session.refresh(message)
    assert [a.outcome for a in message.attempts] == ["sent", "bounced"]


def test_a_notice_has_the_line_ends_and_parts_of_mail(message: Message, now: datetime) -> None:
    raw = not_delivered(message, FULL, now)
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert b"Status: 5.2.2\r\n" in raw
    assert f"Message-ID: <{message.key}@".encode() in raw
    assert b"{" not in raw


def test_a_receipt_comes_back_at_once_where_nobody_has_the_address(stage: Stage, text: Script) -> None:
    events = {e.at for e in bounces(stage)}
    gone = next(s for s in text.story if s.kind == "bounce" and " 5.1." in s.server_reply)
    remark = stage.remark(gone.comments[0])
    answered = datetime.combine(stage.days.ago(remark.days_ago), remark.at, tzinfo=UTC)
    assert min(abs(at - answered) for at in events) < timedelta(hours=3)
    assert len(events) == 2


def test_the_postman_carries_all_that_waits_and_does_not_look_again(
    queued: Message, stage: Stage, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims: list[int] = []
    monkeypatch.setattr(claiming, "claim", _counted(claiming.claim, claims))
    assert postman(stage)(now) == 1
    db.session.refresh(queued)
    assert queued.state == "sent"
    assert claims == [1]
    assert postman(stage)(now) == 0
    assert claims == [1]


def _counted(claim: Callable[..., list[Letter]], found: list[int]) -> Callable[..., list[Letter]]:
    def counted(*args: Any) -> list[Letter]:
        letters = claim(*args)
        found.append(len(letters))
        return letters

    return counted


def test_the_postman_loses_nothing_before_the_last_word(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[dict[str, str]] = []

    def note(_now: datetime, way_out: Post, most: int) -> int:
        carried.append(way_out.lost)
        return 0

    monkeypatch.setattr(post, "deliver", note)
    tick = postman(stage)
    tick(datetime(2025, 11, 1, tzinfo=UTC))
    tick(datetime(2026, 11, 20, tzinfo=UTC))
    assert carried[0] == {}
    assert len(carried[1]) == 2
