"""A frozen message: its bytes, its slots, its headers, and what cannot be one."""

import re
from binascii import b2a_qp
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st
from sqlalchemy import select

from core import links
from core.db import db, writing
from core.settings import Settings, settings
from outbox import envelopes
from outbox.addresses import is_reserved, one_address
from outbox.encoding import UnfitError, mailbox, unstructured
from outbox.envelopes import build, quoted
from outbox.letters import Letter
from outbox.models import Message
from outbox.queries import opened
from outbox.suppressing import suppress
from tests.cast import Cast
from tests.outbox.post import attempts, queue, send, write
from tests.sink import Sink


def letter(**values: object) -> Letter:
    """A letter that never was in a database."""
    moment = datetime.fromisoformat("2026-11-23T09:30:00+00:00")
    plain: dict[str, object] = {
        "id": 5,
        "organisation_id": 1,
        "key": "0" * 32,
        "kind": "update",
        "recipient": "rita@example.com",
        "recipient_key": "",
        "domain": "example.com",
        "recipient_name": "Rita",
        "sender_name": "Alice · Webshop",
        "subject": "Hello",
        "text": "words",
        "html": "<p>words</p>",
        "slot": "s" * 32,
        "links": {},
        "headers": {},
        "secret": False,
        "created_at": moment,
        "expires_at": moment + timedelta(hours=72),
        "next_attempt_at": moment,
        "tries": 0,
        "fence": 1,
    }
    return Letter(**{**plain, **values})  # type: ignore[arg-type]


def copied(message: Message) -> Letter:
    """As a claim copies it."""
    return Letter(*(getattr(message, name) for name in Letter.__slots__))


def parsed(sent: Letter, used: Settings) -> EmailMessage:
    return message_from_bytes(build(sent, used).data, policy=policy.default)


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.settings(
    mail_from="post@shop.example", mail_domain="mail.shop.example", public_url="https://f.example"
)
def test_a_mail_as_it_arrives(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    with writing():
        links_of = {"status": ["status", 7, 1], "unsubscribe": ["unsubscribe", 7, 1]}
        message = write(people.webshop, now, links=links_of, headers={"X-Round": "2026-11"})
    send(now)
    mail = smtp_server.mails[0].parsed
    assert mail["From"] == "Alice Adams · Webshop <post@shop.example>"
    assert mail["To"] == "Rita Ritsema <rita@example.com>"
    assert (mail["Reply-To"], mail["Subject"]) == ("post@shop.example", "What we did")
    assert mail["Message-ID"] == f"<{message.key}@mail.shop.example>"
    assert parsedate_to_datetime(str(mail["Date"])) == now
    assert (mail["Auto-Submitted"], mail["X-Round"]) == ("auto-generated", "2026-11")
    assert mail["List-Unsubscribe"] == f"<{links.url('unsubscribe', 7)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<service.webshop.mail.shop.example>"
    assert mail["Feedback-ID"] == "update:service:webshop:terugkoppel"
    assert smtp_server.mails[0].sender == "post@shop.example"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert f"Read it here: {links.url('status', 7)}" in body(mail, "plain")
    assert f'href="{links.url("status", 7)}"' in body(mail, "html")


def test_the_database_holds_no_live_link(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    assert links.token("status", 7) not in message.text + message.html + str(message.links)
    assert links.url("status", 7) in opened(message).text


def test_every_try_sends_the_same_bytes(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    queue(people.webshop, now)
    copy = copied(db.session.scalars(select(Message)).one())
    first = build(copy, settings())
    assert build(copy, settings()) == first
    smtp_server.then(["data_451"])
    send(now)
    send(now + timedelta(minutes=2))
    assert smtp_server.mails[0].raw == first.data


@pytest.mark.settings(imap_url="imaps://imap.example.com", mail_from="post@shop.example")
def test_bounces_come_back_to_an_address_of_this_message_alone(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, now)
    send(now)
    address = f"post+{links.token('verp', message.id)}@shop.example"
    assert smtp_server.mails[0].sender == smtp_server.mails[0].parsed["Reply-To"] == address


@pytest.mark.settings(mail_in=True, mail_from="post@shop.example")
def test_a_pipe_or_a_webhook_hears_them_too(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, now)
    send(now)
    assert smtp_server.mails[0].sender == f"post+{links.token('verp', message.id)}@shop.example"


def test_an_answer_names_the_whole_conversation_on_lines_that_mail_can_carry(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    before = [f"<{'x' * 180}{n}@mail.example.com>" for n in range(12)]
    queue(people.webshop, now, headers={"In-Reply-To": before[-1], "References": " ".join(before)})
    send(now)
    mail = smtp_server.mails[0]
    assert str(mail.parsed["References"]).split() == before
    assert mail.parsed["In-Reply-To"] == before[-1]
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 998


def test_a_suppressed_address_makes_a_suppressed_row(app: Flask, people: Cast, now: datetime) -> None:
    with writing():
        suppress(people.webshop.id, "Rita@Example.com", "unsubscribed", now)
        message = write(people.webshop, now)
    assert (message.state, [a.outcome for a in attempts(message)]) == ("suppressed", ["suppressed"])


@pytest.mark.parametrize(
    "recipient",
    [
        "rita",
        "a@b@c.example",
        "a@example.com, b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        '"a b"@example.com',
        "Rita <rita@example.com>",
        "rita@example.com>\r\nRCPT TO:<b@example.com",
        "é@example.com",
        "x" * 65 + "@example.com",
        "rita@" + "x" * 250 + ".example",
        "(comment)rita@example.com",
        "",
    ],
)
def test_what_is_no_address_makes_a_failed_row(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime, recipient: str
) -> None:
    message = queue(people.webshop, now, recipient)
    assert send(now) == 0
    assert (message.state, message.server_reply) == ("failed", "This is not one mail address.")
    assert smtp_server.mails == []


def test_addresses_by_their_form() -> None:
    assert one_address(" Rita@Bücher.example ") == "Rita@xn--bcher-kva.example"
    assert one_address("o'neil+tag@mail.example.com") == "o'neil+tag@mail.example.com"
    assert [is_reserved(a) for a in ("a@example.org", "a@x.example.net", "a@x.test", "a@localhost")] == [
        True
    ] * 4
    assert [is_reserved(a) for a in ("a@example.org.evil.nl", "a@notexample.org", "a@test.nl")] == [False] * 3


@pytest.mark.parametrize("headers", [{"X-A": "b\r\nBcc: c"}, {"X A": "b"}, {"X-A\r\nBcc": "b"}, {"": "b"}])
def test_a_bad_extra_header_is_an_error(
    app: Flask, people: Cast, now: datetime, headers: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="not a header"):
        queue(people.webshop, now, headers=headers)


def test_line_ends_in_a_subject_become_spaces(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    queue(
        people.webshop,
        now,
        subject="Hello\r\nBcc: eve@example.com",
        recipient_name="Rita\nBcc: eve@example.com",
    )
    send(now)
    mail = smtp_server.mails[0].parsed
    assert mail["Subject"] == "Hello Bcc: eve@example.com"
    assert mail["Bcc"] is None


@pytest.mark.parametrize("bad", ["a\r\nb", "a\nb", "a\x00b", "a\x7fb", "a\ud800b"])
def test_the_last_guard_refuses_what_the_first_let_through(bad: str) -> None:
    with pytest.raises(UnfitError):
        unstructured(bad)
    with pytest.raises(UnfitError):
        mailbox(bad, "rita@example.com")


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=300).map(
    lambda text: text.replace("\x00", "")
)


@given(name=HOSTILE, subject=HOSTILE, words=HOSTILE, sender=HOSTILE)
@rules(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_any_words_make_one_mail_to_one_person(
    app: Flask, people: Cast, now: datetime, name: str, subject: str, words: str, sender: str
) -> None:
    with writing():
        message = write(
            people.webshop, now, recipient_name=name, subject=subject, text=words, sender_name=sender
        )
    envelope = build(copied(message), settings())
    mail = message_from_bytes(envelope.data, policy=policy.default)
    assert envelope.recipient == "rita@example.com"
    assert [a.addr_spec for a in mail["To"].addresses] == ["rita@example.com"]
    assert mail["Bcc"] is None
    assert len(mail.get_all("Message-ID") or []) == len(mail.get_all("Subject") or []) == 1
    assert max(len(line) for line in envelope.data.split(b"\r\n")) <= 998
    assert envelope.data.isascii()
    assert re.search(rb"[^\r]\n|\r[^\n]", envelope.data) is None
    expected = words.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    assert body(mail, "plain").rstrip("\n") == expected


@given(subject=st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=200))
@rules(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
def test_a_subject_is_read_as_it_was_written(app: Flask, subject: str) -> None:
    read = str(parsed(letter(subject=subject), settings())["Subject"])
    assert " ".join(read.split()) == " ".join(subject.split())


def test_nobody_reads_what_was_meant_for_another(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    with writing():
        for n in range(120):
            write(
                people.webshop, now, f"customer{n}@example.com", subject=f"canary-{n}-", text=f"canary-{n}-"
            )
    assert send(now) == 120
    for mail in smtp_server.mails:
        number = mail.recipients[0].removeprefix("customer").split("@", maxsplit=1)[0]
        assert set(re.findall(rb"canary-(\d+)-", mail.raw)) == {number.encode()}
    assert len({mail.message_id for mail in smtp_server.mails}) == 120
    assert all(len(mail.recipients) == 1 for mail in smtp_server.mails)


def test_a_one_time_link_is_forgotten_when_it_was_sent(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, now, secret=True, text="https://one.time/link")
    assert message.text
    send(now)
    assert (message.state, message.text, message.html) == ("sent", "", "")
    assert "one.time" in body(smtp_server.mails[0].parsed, "plain")


def test_it_is_forgotten_when_it_is_never_sent(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queue(people.webshop, now, secret=True)
    smtp_server.then(["rcpt_550_unknown"])
    send(now)
    assert (message.state, message.text) == ("failed", "")
    assert queue(people.webshop, now, secret=True).text == ""


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_body_is_quoted_line_by_line_as_it_is_all_at_once(body: str) -> None:
    lines = body.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    assert (
        quoted(body)
        == quoted(body, remember=True)
        == b2a_qp(lines.replace("\n", "\r\n").encode(), istext=True)
    )


def test_a_one_time_link_is_not_remembered(app: Flask) -> None:
    envelopes._remembered.cache_clear()
    build(letter(text="Sign in: https://feedback.example/once\n", secret=True), settings())
    assert envelopes._remembered.cache_info().currsize == 0
