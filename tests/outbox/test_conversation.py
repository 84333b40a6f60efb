"""How a mail server may answer: in pieces, on many lines, twice at once, nonsense, without end, and slowly."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from smtplib import SMTPServerDisconnected

import pytest

from outbox.channels import conversation
from outbox.channels.conversation import Conversation
from tests.outbox.test_connecting import certificate

GREETING = b"220 here\r\n"


@contextmanager
def talking(server: Callable[[socket.socket], object], secure: bool = False) -> Iterator[Conversation]:
    """With a server that does `server` once it was greeted; it hangs up afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            wire, _ = door.accept()
            with certificate().wrap_socket(wire, server_side=True) if secure else wire as wire:
                wire.sendall(GREETING)
                server(wire)

        thread = threading.Thread(target=serve)
        thread.start()
        talk = Conversation(_reach(door.getsockname()[1], secure))
        try:
            yield talk
        finally:
            talk.close()
            thread.join(10)


def _reach(port: int, secure: bool) -> smtplib.SMTP:
    if not secure:
        return smtplib.SMTP("127.0.0.1", port)
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    return smtplib.SMTP_SSL("127.0.0.1", port, context=trusting)


def saying(*pieces: bytes) -> Callable[[socket.socket], None]:
    """After one command, each piece in a packet of its own."""

    def answer(wire: socket.socket) -> None:
        wire.recv(1000)
        for piece in pieces:
            wire.sendall(piece)

    return answer


def beat() -> None:
    return None


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize(
    ("pieces", "reply"),
    [
        ([b"250 fine\r\n"], (250, "fine")),
        ([b"2", b"50", b" fi", b"ne\r", b"\n"], (250, "fine")),
        ([b"250-one\r\n250-two\r\n250 three\r\n"], (250, "one\ntwo\nthree")),
        ([b"250-one\r\n25", b"0 two\r\n"], (250, "one\ntwo")),
        ([b"250\r\n"], (250, "")),
        ([b"250 bare\n"], (250, "bare")),
        ([b"550 5.1.1 caf\xe9\r\n"], (550, "5.1.1 caf\ufffd")),
    ],
)
def test_a_reply(pieces: list[bytes], reply: tuple[int, str], secure: bool) -> None:
    with talking(saying(*pieces), secure) as talk:
        assert talk.say(beat, "NOOP") == [reply]


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
def test_two_replies_to_two_commands_however_they_arrive(secure: bool) -> None:
    both = [(250, "sender"), (550, "recipient")]
    for pieces in ([b"250 sender\r\n550 recipient\r\n"], [b"250 sen", b"der\r\n550 recip", b"ient\r\n"]):
        with talking(saying(*pieces), secure) as talk:
            assert talk.say(beat, "MAIL", "RCPT") == both


def test_what_came_along_with_the_last_reply_answers_the_next_command() -> None:
    """A server that shuts down says so at once, and hangs up."""
    with talking(saying(b"250 fine\r\n421 shutting down\r\n")) as talk:
        assert talk.say(beat, "NOOP") == [(250, "fine")]
        assert talk.say(beat, "NOOP") == [(421, "shutting down")]


@pytest.mark.parametrize(
    "nonsense",
    [b"hello\r\n", b"\r\n", b"25x fine\r\n", b"-\r\n", b"\x00\xff\r\n", "２５０ wide\r\n".encode()],
)
def test_an_answer_that_makes_no_sense(nonsense: bytes) -> None:
    with talking(saying(nonsense)) as talk, pytest.raises(SMTPServerDisconnected, match="no sense"):
        talk.say(beat, "NOOP")


def test_an_answer_without_an_end() -> None:
    with talking(saying(b"2" * 200_000)) as talk, pytest.raises(SMTPServerDisconnected, match="no end"):
        talk.say(beat, "NOOP")


def test_a_server_that_hangs_up() -> None:
    with talking(saying(b"250-one\r\n")) as talk, pytest.raises(SMTPServerDisconnected, match="unexpectedly"):
        talk.say(beat, "NOOP")


@pytest.mark.parametrize("command", ["NOOP\r\nQUIT", "NOOP\n", "MAIL FROM:<\u00e9@example.com>"])
def test_a_command_is_one_line_of_ascii(command: str) -> None:
    with talking(lambda wire: wire.recv(1)) as talk, pytest.raises(ValueError, match=r"one line|ascii"):
        talk.say(beat, command)


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
def test_our_lease_is_renewed_while_it_lets_us_wait(monkeypatch: pytest.MonkeyPatch, secure: bool) -> None:
    monkeypatch.setattr(conversation, "BEAT_SECONDS", 0.02)
    beats, enough = [], threading.Event()

    def count() -> None:
        beats.append(1)
        if len(beats) == 3:
            enough.set()

    def slowly(wire: socket.socket) -> None:
        wire.recv(1000)
        enough.wait(10)
        wire.sendall(b"250 at last\r\n")

    with talking(slowly, secure) as talk:
        assert talk.say(count, "NOOP") == [(250, "at last")]
    assert len(beats) >= 3


def test_a_silent_one_is_given_up_even_if_it_mumbles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "BEAT_SECONDS", 0.02)
    monkeypatch.setattr(conversation, "COMMAND_SECONDS", 0.1)
    over = threading.Event()

    def mumbling(wire: socket.socket) -> None:
        wire.recv(1000)
        wire.sendall(b"250-")
        over.wait(10)

    with talking(mumbling) as talk:
        with pytest.raises(TimeoutError, match="did not answer in time"):
            talk.say(beat, "NOOP")
        over.set()


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
def test_a_long_letter_to_a_server_that_reads_slowly_arrives_whole(
    monkeypatch: pytest.MonkeyPatch, secure: bool
) -> None:
    """More than fits between us, so that a wait ends in the middle of it."""
    monkeypatch.setattr(conversation, "BEAT_SECONDS", 0.02)
    letter = b"".join(b"%08d\r\n" % n for n in range(1_000_000))
    waited, read = threading.Event(), bytearray()

    def reading(wire: socket.socket) -> None:
        waited.wait(10)
        while len(read) < len(letter):
            read.extend(wire.recv(1_000_000))
        wire.sendall(b"250 kept\r\n")

    with talking(reading, secure) as talk:
        talk.send(letter, waited.set)
        assert talk.verdict(beat) == (250, "kept")
    assert bytes(read) == letter
