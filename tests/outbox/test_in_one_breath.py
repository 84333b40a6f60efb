"""The next letter is named with the bytes of the last (RFC 2920): one wait a letter, and nothing follows but speed."""

import re
import socketserver
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from core.db import db, writing
from outbox.cancelling import cancel
from outbox.channels.smtp import Smtp
from outbox.delivering import deliver
from outbox.models import Message
from tests.cast import Cast
from tests.outbox.post import queue, send, states
from tests.sink import FAULTS, OK, Mail, Sink

REPLIES = {b"EHLO": "250-here\r\n250 PIPELINING", b"DATA": "354 go on"}


class Listening(socketserver.StreamRequestHandler):
    """Takes everything, and notes what came in one breath."""

    hangs_up = False

    def handle(self) -> None:
        self._say("220 here")
        breath = b""
        while data := self.request.recv(100_000):
            breath += data
            if not _is_whole(breath):
                continue
            self.server.breaths.append(breath)  # type: ignore[attr-defined]
            self._answer(breath)
            if self.hangs_up and breath.count(b"\r\n.\r\n"):
                return
            breath = b""

    def _answer(self, breath: bytes) -> None:
        _letter, dot, commands = breath.rpartition(b"\r\n.\r\n")
        replies = ["250 kept"] if dot else []
        if dot and self.hangs_up:
            commands = b""
        self._say(
            "\r\n".join(
                replies + [REPLIES.get(line[:4].upper(), "250 fine") for line in commands.splitlines()]
            )
        )

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


def _is_whole(breath: bytes) -> bool:
    """A letter that began has ended, and so has the last command."""
    letter = re.match(rb"[A-Za-z-]+: ", breath)
    return breath.endswith(b"\r\n") and (not letter or b"\r\n.\r\n" in breath)


@pytest.fixture
def server() -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and what it heard."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Listening) as here:
        heard: list[bytes] = []
        here.breaths = heard  # type: ignore[attr-defined]
        threading.Thread(target=here.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"smtp://127.0.0.1:{here.server_address[1]}", heard
        here.shutdown()


@pytest.fixture
def three(app: Flask, people: Cast, now: datetime) -> list[Message]:
    """Messages that are due, in the order in which they will leave."""
    return [queue(people.webshop, now, f"{n}@example.com") for n in range(3)]


def test_a_letter_and_the_names_of_the_next_go_in_one_breath(
    three: list[Message], server: tuple[str, list[bytes]], now: datetime
) -> None:
    """The second is not built yet when the first one goes: it is named by itself."""
    url, heard = server
    deliver(now, Smtp(url, "localhost"))
    assert states() == {"sent": 3}
    assert [re.findall(rb"RCPT TO:<(\d)@", breath) for breath in heard[1:]] == [
        [b"0"],
        [],
        [b"1"],
        [b"2"],
        [],
    ]
    assert [breath.count(b"\r\n.\r\n") for breath in heard[1:]] == [0, 1, 0, 1, 1]


@pytest.mark.both_databases
@pytest.mark.parametrize("option", ["", "?pipelining=0"])
def test_a_server_that_does_one_thing_at_a_time_is_asked_one_at_a_time(
    three: list[Message], server: tuple[str, list[bytes]], smtp_server: Sink, now: datetime, option: str
) -> None:
    """It says so, or we know that it only pretends."""
    url, heard = server if option else (smtp_server.url, [])
    smtp_server.pipelining = False
    deliver(now, Smtp(url + option, "localhost"))
    assert states() == {"sent": 3}
    assert [breath[:4] for breath in heard[1:4]] in ([], [b"MAIL", b"RCPT", b"DATA"])


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("rcpt_450", "queued"),
        ("rcpt_550_unknown", "failed"),
        ("data_command_451", "queued"),
        ("rcpt_421", "queued"),
    ],
)
def test_the_one_that_was_named_early_is_refused_for_itself_alone(
    three: list[Message], smtp_server: Sink, people: Cast, now: datetime, fault: str, state: str
) -> None:
    other = queue(people.webshop, now, "3@elsewhere.example.com")
    smtp_server.by_recipient = lambda address: FAULTS[fault] if address.startswith("2") else OK
    send(now)
    assert [message.state for message in (*three, other)] == ["sent", "sent", state, "sent"]
    assert len(smtp_server.mails) == 3


@pytest.mark.both_databases
def test_one_that_was_named_and_is_taken_back_does_not_leave(
    app: Flask, three: list[Message], smtp_server: Sink, people: Cast, now: datetime
) -> None:
    """The server waits for it by then: only hanging up takes that back."""
    last = queue(people.webshop, now, "3@example.com")

    def take_back(mail: Mail) -> None:
        if len(smtp_server.mails) == 1:
            with app.app_context(), writing():
                cancel(db.session.get_one(Message, three[2].id), now)

    smtp_server.noted, before = take_back, smtp_server.connections
    send(now)
    assert [message.state for message in (*three, last)] == ["sent", "sent", "cancelled", "sent"]
    assert [mail.recipients[0][0] for mail in smtp_server.mails] == ["0", "1", "3"]
    assert smtp_server.connections == before + 2


@pytest.mark.both_databases
def test_a_server_that_hangs_up_after_each_letter_has_taken_each(
    three: list[Message], server: tuple[str, list[bytes]], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was named early goes back to the queue, and comes again once."""
    url, heard = server
    monkeypatch.setattr(Listening, "hangs_up", True)
    for minutes in range(5):
        deliver(now + timedelta(minutes=minutes), Smtp(url, "localhost"))
    assert states() == {"sent": 3}
    assert sum(breath.count(b"\r\n.\r\n") for breath in heard) == 3


@pytest.mark.settings(mail_allow=("example.com",))
def test_what_may_not_leave_is_not_even_named(
    three: list[Message], server: tuple[str, list[bytes]], people: Cast, now: datetime
) -> None:
    url, heard = server
    other = queue(people.webshop, now, "someone@elsewhere.example.net")
    deliver(now, Smtp(url, "localhost"))
    assert [message.state for message in (*three, other)] == ["sent", "sent", "sent", "failed"]
    assert b"elsewhere" not in b"".join(heard)
