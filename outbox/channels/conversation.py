"""Talking SMTP with patience: each wait is bounded, and our lease is renewed while a server lets us wait."""

import select
import smtplib
import socket
import ssl
from time import monotonic

from outbox.channels import Beat
from outbox.claiming import stopping
from outbox.replies import said

COMMAND_SECONDS = 60.0
FINAL_SECONDS = 600.0
"""RFC 5321 §4.5.3.2.6: a server that is hung up on too early delivers twice."""
STOP_SECONDS = 12.0
"""How much longer we wait once we were asked to end: less than the clock gives its ticks, so that it is written down."""


def say(client: smtplib.SMTP, command: str, beat: Beat) -> tuple[int, str]:
    """One command, one reply: (code, words)."""
    client.putcmd(command)  # refuses line ends
    return _reply(client, COMMAND_SECONDS, beat)


def say_both(
    client: smtplib.SMTP, first: str, second: str, beat: Beat
) -> tuple[tuple[int, str], tuple[int, str]]:
    """Two commands in one go (RFC 2920), and both replies."""
    for command in (first, second):
        if "\r" in command or "\n" in command:
            raise ValueError("a command is one line")
    client.send(f"{first}\r\n{second}\r\n")
    return _reply(client, COMMAND_SECONDS, beat), _reply(client, COMMAND_SECONDS, beat)


def hand_over(client: smtplib.SMTP, data: bytes, beat: Beat) -> tuple[int, str]:
    """The bytes with their final dot, and the reply that says who answers for them from now on."""
    client.send(data)
    return _reply(client, FINAL_SECONDS, beat)


def _reply(client: smtplib.SMTP, seconds: float, beat: Beat) -> tuple[int, str]:
    """(code, words); TimeoutError or SMTPServerDisconnected when none comes."""
    _wait(client, seconds, beat)
    code, words = client.getreply()
    if code == -1:
        raise smtplib.SMTPServerDisconnected("the answer made no sense")
    return code, words.decode("utf-8", "replace")


def _wait(client: smtplib.SMTP, seconds: float, beat: Beat) -> None:
    """Until there is something to read."""
    if client.sock is None:
        raise smtplib.SMTPServerDisconnected("the connection is gone")
    if not _came_along(client, client.sock):
        _wait_for_more(client.sock, seconds, beat)
    client.sock.settimeout(seconds)


def _came_along(client: smtplib.SMTP, sock: socket.socket) -> bool:
    """Whether the reply was read with the one before: then the connection itself has nothing more to say."""
    if client.file is None:
        return False
    sock.settimeout(0)
    try:
        return bool(client.file.peek(1))
    except ssl.SSLWantReadError:
        return False


def _wait_for_more(sock: socket.socket, seconds: float, beat: Beat) -> None:
    end, poll = monotonic() + seconds, select.poll()
    poll.register(sock, select.POLLIN)
    while not poll.poll(min(1.0, seconds) * 1000):
        beat()
        if monotonic() > min(end, stopping.at + STOP_SECONDS):
            raise TimeoutError("the server did not answer in time")


def words_of(error: Exception) -> str:
    """The server's own words where there are any, else what the connection broke on."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        return said(error.smtp_code, words.decode("utf-8", "replace") if isinstance(words, bytes) else words)
    return f"{type(error).__name__}: {error}"[:1000]
