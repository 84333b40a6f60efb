"""Mail is read from a real IMAP server: once, marked only after it was kept, and one bad message stops no other."""

from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import links
from core.db import db, writing
from outbox import holding
from outbox.incoming import fetching, reading
from outbox.incoming.models import IncomingMessage
from outbox.incoming.receiving import receive
from outbox.jobs import fetch_mail
from outbox.models import Message
from tests.cast import Cast
from tests.dovecot import Mailbox
from tests.outbox.post import count, queue, send
from tests.outbox.test_receiving import sample

pytestmark = pytest.mark.settings(mail_from="post@shop.example")


class Killed(BaseException):
    """As kill -9: nothing catches it."""


@pytest.fixture
def sent(app: Flask, people: Cast, now: datetime) -> Message:
    message = queue(people.webshop, now)
    send(now)
    return message


def letter(to: Message, words: str = "Thank you.", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "rita@example.com", f"post+{links.token('verp', to.id)}@shop.example"
    mail["Subject"], mail["Message-ID"] = "Re: What we did", f"<{abs(hash(words))}@mail.example.com>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail


def kept() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(IncomingMessage.text).order_by(IncomingMessage.id)))


def test_what_nobody_read_is_kept_marked_and_not_read_again(
    imap_server: Mailbox, sent: Message, now: datetime
) -> None:
    for words in ("First.", "Second."):
        imap_server.put(letter(sent, words).as_bytes())
    imap_server.put(sample("bounce-gmail", sent))
    assert fetch_mail(now) == 3
    assert [text.strip() for text in kept()[:2]] == ["First.", "Second."]
    db.session.refresh(sent)
    assert sent.state == "bounced"
    assert (imap_server.unseen(), imap_server.all_in()) == (0, 3)
    assert fetch_mail(now) == 0


def killed_at(step: str, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever fetches dies where it would take this step."""

    def dies(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(fetching, step, dies)
        with pytest.raises(Killed):
            fetch_mail(now)


def test_a_kill_between_the_row_and_the_mark_reads_it_again_and_keeps_it_once(
    imap_server: Mailbox, sent: Message, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap_server.put(letter(sent).as_bytes())
    killed_at("_mark", now, monkeypatch)
    assert (count(IncomingMessage), imap_server.unseen()) == (1, 1)
    assert fetch_mail(now) == 1
    assert (count(IncomingMessage), imap_server.unseen()) == (1, 0)


def test_a_kill_before_the_row_loses_nothing(
    imap_server: Mailbox, sent: Message, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap_server.put(letter(sent).as_bytes())
    killed_at("take_in", now, monkeypatch)
    assert (count(IncomingMessage), imap_server.unseen()) == (0, 1)
    assert fetch_mail(now) == 1


def test_the_same_mail_by_another_way_is_one(imap_server: Mailbox, sent: Message, now: datetime) -> None:
    raw = letter(sent).as_bytes()
    imap_server.put(b"Received: from a by b\nDelivered-To: post@shop.example\n" + raw)
    fetch_mail(now)
    with writing():
        receive(raw, now)
    assert count(IncomingMessage) == 1


def test_it_is_moved_out_of_the_way_where_a_folder_is_named(
    imap_server: Mailbox, sent: Message, now: datetime
) -> None:
    imap_server.put(letter(sent).as_bytes())
    assert fetching.fetch(f"{imap_server.url}/INBOX?move=Handled", now) == 1
    assert (imap_server.all_in(), imap_server.all_in("Handled")) == (0, 1)
    assert fetching.fetch(f"{imap_server.url}?move=Handled", now) == 0


def test_one_that_nobody_foresaw_stays_unread_and_stops_no_other(
    imap_server: Mailbox, sent: Message, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in ("First.", "Bad.", "Last."):
        imap_server.put(letter(sent, words).as_bytes())

    def reads(raw: bytes, **more: Any) -> reading.Incoming:
        if b"Bad." in raw:
            raise ValueError("nobody foresaw this")
        return reading.read(raw, **more)

    monkeypatch.setattr(fetching, "read", reads)
    assert fetch_mail(now) == 2
    assert imap_server.unseen() == 1
    assert [text.strip() for text in kept()] == ["First.", "Last."]


def test_of_a_message_beyond_all_bounds_the_beginning_is_kept_and_said(
    imap_server: Mailbox, sent: Message, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "READ_LIMIT", 2000)
    monkeypatch.setattr(reading, "READ_LIMIT", 2000)
    mail = letter(sent, "The film is attached.")
    mail.add_attachment(b"x" * 20_000, maintype="video", subtype="mp4", filename="film.mp4")
    imap_server.put(mail.as_bytes())
    assert fetch_mail(now) == 1
    row = db.session.scalars(select(IncomingMessage)).one()
    assert row.text.strip() == "The film is attached."
    assert ["cut", ""] in row.remarks
    assert [(f.name, bool(f.refused)) for f in row.files] == [("film.mp4", True)]


def test_a_restored_copy_takes_nothing_from_the_original(
    imap_server: Mailbox, sent: Message, now: datetime
) -> None:
    imap_server.put(letter(sent).as_bytes())
    with writing():
        holding.hold("a restored copy", now)
    assert fetch_mail(now) == 0
    assert imap_server.unseen() == 1


@pytest.mark.settings(imap_url="imap://post%40shop.example:wrong@127.0.0.1:1")
def test_a_server_that_is_not_there_is_an_error_of_the_tick_alone(app: Flask, now: datetime) -> None:
    with pytest.raises(OSError, match="refused"):
        fetch_mail(now)


def test_without_a_mailbox_nothing_is_asked(app: Flask, now: datetime) -> None:
    assert fetch_mail(now) == 0
