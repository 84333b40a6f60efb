"""What comes in: classified by its machine parts, matched by what only we can have written, acted on only then (R19)."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from core import links
from core.db import db, writing
from outbox.incoming.models import IncomingMessage
from outbox.incoming.reading import read
from outbox.incoming.receiving import receive
from outbox.models import Message
from outbox.suppressing import suppression
from tests.cast import Cast
from tests.outbox.post import attempts, count, queue, send, write
from tests.outbox.test_claiming import take
from tests.outbox.test_taking_back import lose

CORPUS = Path(__file__).parent / "corpus"
LABELS: dict[str, dict[str, Any]] = json.loads((CORPUS / "labels.json").read_text())
LOST = [
    name
    for name, label in LABELS.items()
    if label["kind"] == "bounce" and label["matched"] and "delay" not in name
]
LOST = [name for name in LOST if "warning" not in name]
GONE = [name for name in LOST if LABELS[name]["permanent"] and name != "bounce-policy"]


def sample(name: str, message: Message) -> bytes:
    """A message of the corpus, about `message`."""
    return filled(name, links.token("verp", message.id), message.key)


def filled(name: str, token: str, key: str) -> bytes:
    text = (CORPUS / f"{name}.eml").read_text().replace("{{KEY}}", key)
    return text.replace("{{TOKEN}}", token).replace("{{TOKENUP}}", token.upper()).encode()


def take_in(name: str, message: Message, now: datetime) -> dict[str, Any]:
    raw = sample(name, message)
    with writing():
        return receive(raw, now)


@pytest.fixture
def sent(app: Flask, people: Cast, now: datetime) -> Message:
    message = queue(people.webshop, now)
    send(now)
    return message


def test_every_sample_has_a_label() -> None:
    assert {file.stem for file in CORPUS.glob("*.eml")} == LABELS.keys()
    assert len(LABELS) >= 40


@pytest.mark.parametrize("name", LABELS)
def test_the_corpus_is_read_as_labelled(name: str) -> None:
    found, label = read(filled(name, "1.1." + "a" * 26, "0" * 32)), LABELS[name]
    assert (found.kind, found.report.permanent) == (label["kind"], label["permanent"])
    assert list(found.report.recipients) == label["recipients"]
    assert found.text == label.get("text", found.text)


def test_the_corpus_moves_what_it_is_about_and_nothing_else(app: Flask, people: Cast, now: datetime) -> None:
    """Each sample about a message of its own: only a bounce of ours moves one, only a dead address or a complaint blocks."""
    with writing():
        messages = {name: write(people.webshop, now, f"rita{n}@example.com") for n, name in enumerate(LABELS)}
    send(now)
    for name, message in messages.items():
        found, label = take_in(name, message, now), LABELS[name]
        assert found["matched"] == label["matched"], name
        assert found["message_id"] == (message.id if label["matched"] else None), name
        assert message.state == ("bounced" if name in LOST else "sent"), name
        block = suppression(people.webshop.id, message.recipient)
        complains = label["kind"] == "complaint" and label["matched"]
        assert (block.reason if block else None) == (
            "hard_bounce" if name in GONE else "complaint" if complains else None
        ), name


def test_the_answer_has_the_keys_that_others_rely_on(sent: Message, now: datetime) -> None:
    found = take_in("bounce-gmail", sent, now)
    assert set(found) == {"kind", "matched", "recipients", "permanent", "message_id", "text"}
    assert json.loads(json.dumps(found)) == found


@pytest.mark.both_databases
def test_a_hard_bounce_leaves_its_evidence(sent: Message, now: datetime) -> None:
    take_in("bounce-postfix-unknown-user", sent, now)
    assert sent.server_reply.startswith("550 5.1.1 <rita@example.com>")
    assert attempts(sent)[-1].outcome == "bounced"
    row = db.session.query(IncomingMessage).one()
    assert (row.kind, row.permanent, row.message_id, row.handled_at) == ("bounce", True, sent.id, now)


@pytest.mark.both_databases
def test_the_same_message_twice_does_nothing_more(sent: Message, now: datetime) -> None:
    first = take_in("bounce-gmail", sent, now)
    before = len(attempts(sent))
    assert take_in("bounce-gmail", sent, now) == first
    assert (count(IncomingMessage), len(attempts(sent))) == (1, before)


def test_a_second_soft_bounce_on_another_day_blocks(sent: Message, people: Cast, now: datetime) -> None:
    take_in("bounce-postfix-mailbox-full-soft", sent, now)
    take_in("bounce-postfix-expired", sent, now)
    assert suppression(people.webshop.id, "rita@example.com") is None
    later = now + timedelta(days=2)
    other = queue(people.webshop, later)
    send(later)
    take_in("bounce-postfix-mailbox-full-soft", other, later)
    assert suppression(people.webshop.id, "rita@example.com") is not None


def test_a_reply_waits_for_a_person_and_an_auto_reply_does_not(sent: Message, now: datetime) -> None:
    take_in("reply-gmail-nl", sent, now)
    take_in("auto-reply-gmail-vacation", sent, now)
    rows = db.session.query(IncomingMessage).order_by(IncomingMessage.id)
    assert [(row.kind, row.handled_at) for row in rows] == [("reply", None), ("auto_reply", now)]


@pytest.mark.parametrize("name", ["reply-gmail-nl", "complaint-arf", "auto-reply-exchange-nl"])
def test_an_answer_settles_what_was_unknown(app: Flask, people: Cast, now: datetime, name: str) -> None:
    message = queue(people.webshop, now)
    lose(message, now)
    take_in(name, message, now)
    assert (message.state, message.sent_at) == (
        ("unknown", None) if name == "complaint-arf" else ("sent", now)
    )


def test_a_bounce_settles_what_was_unknown(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    lose(message, now)
    take_in("bounce-gmail", message, now)
    assert (message.state, message.sent_at) == ("bounced", now)


def test_a_bounce_of_what_was_never_sent_moves_nothing(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    take("someone", now)
    take_in("bounce-postfix-headers-only", message, now)
    assert message.state == "claimed"


def test_a_token_for_another_purpose_matches_nothing(sent: Message, now: datetime) -> None:
    raw = sample("reply-by-token-only", sent).replace(
        links.token("verp", sent.id).encode(), links.token("status", sent.id).encode()
    )
    with writing():
        assert receive(raw, now)["matched"] is False


@given(st.binary(max_size=600))
@rules(max_examples=150, deadline=None)
def test_any_bytes_are_read(raw: bytes) -> None:
    assert read(raw).kind in {"reply", "auto_reply", "other"}


PARTS = st.sampled_from(
    [
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n\n",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n",
        b"Content-Type: message/rfc822\n\n",
        b"Content-Type: text/plain; charset=unicode_escape\n\n\\ud800\\x00",
        b"Content-Type: text/plain; charset*=utf-8''%FF\n\n\xff",
        b"Content-Type: text/html; charset=utf-7\n\n<script><p>+ADw-",
        b"Subject: =?utf-8?b?////?= =?nonsense?q?=80?=\nIn-Reply-To: \xff\xfe\n",
        b"Content-Transfer-Encoding: base64\n\n====\n",
        b"To: \xe9 <a+1.1.aaaaaaaaaaaaaaaaaaaaaaaaaa@x>\n",
    ]
)


@given(st.lists(st.one_of(PARTS, st.binary(max_size=40)), max_size=8).map(b"".join))
@rules(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_odd_mail_is_kept(app: Flask, now: datetime, raw: bytes) -> None:
    with writing():
        found = receive(raw, now)
    assert found["matched"] is False
    found["text"].encode()


def test_parts_within_parts_within_parts() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000))
    assert read(nested).kind == "other"


@pytest.mark.parametrize(
    "line", ["<" * 400_000, "<script " * 50_000, "Op schreef " * 40_000, "> " * 200_000, "On \n" * 100_000]
)
def test_a_long_hostile_body_takes_no_time(line: str) -> None:
    started = process_time()
    for kind in ("plain", "html"):
        read(f"In-Reply-To: <a@b>\nContent-Type: text/{kind}\n\n{line}".encode())
    assert process_time() - started < 2
