"""Talking SMTP with patience: each wait is bounded, and our lease is renewed while a server lets us wait.

smtplib knocks and introduces us; from then on a reply is read here, since its own way cannot be woken up in between.
"""

import smtplib
from collections.abc import Callable
from time import monotonic
from typing import Any

from outbox.channels import Beat
from outbox.claiming import stopping
from outbox.replies import said

COMMAND_SECONDS = 60.0
FINAL_SECONDS = 600.0
"""RFC 5321 §4.5.3.2.6: a server that is hung up on too early delivers twice."""
STOP_SECONDS = 12.0
"""How much longer we wait once we were asked to end: less than the clock gives its ticks, so that it is written down."""
BEAT_SECONDS = 1.0
PIECE = 8192
LONGEST = 65_536
"""Bytes of one reply line: whoever says more is not talking to us."""

Reply = tuple[int, str]
"""(code, words)"""


class Conversation:
    """With one server that knows who we are. Every wait raises TimeoutError or SMTPServerDisconnected in the end."""

    def __init__(self, client: smtplib.SMTP, pipelines: bool = True) -> None:
        if client.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is gone")
        self._client, self._wire, self._rest = client, client.sock, b""
        self.pipelining = pipelines and client.has_extn("pipelining")
        self._wire.settimeout(min(BEAT_SECONDS, COMMAND_SECONDS))

    def say(self, beat: Beat, *commands: str) -> list[Reply]:
        """Commands in one go (RFC 2920 where there are more of them), and the reply to each."""
        self.send(lines(*commands), beat)
        return self.hear(beat, len(commands))

    def hear(self, beat: Beat, replies: int) -> list[Reply]:
        return [self._reply(COMMAND_SECONDS, beat) for _ in range(replies)]

    def verdict(self, beat: Beat) -> Reply:
        """Who answers from now on for the letter that was sent to its final dot."""
        return self._reply(FINAL_SECONDS, beat)

    def send(self, data: bytes, beat: Beat) -> None:
        left, end = memoryview(data), monotonic() + COMMAND_SECONDS
        while left:
            left = left[_patiently(self._wire.send, left, end, beat) :]

    def close(self) -> None:
        self._client.close()

    def _reply(self, seconds: float, beat: Beat) -> Reply:
        words, end, more = [], monotonic() + seconds, True
        while more:
            line = self._line(end, beat)
            if not line[:3].isdigit():
                raise smtplib.SMTPServerDisconnected("the answer made no sense")
            words.append(line[4:].strip())
            more = line[3:4] == b"-"
        return int(line[:3]), b"\n".join(words).decode("utf-8", "replace")

    def _line(self, end: float, beat: Beat) -> bytes:
        while b"\n" not in self._rest:
            if len(self._rest) > LONGEST:
                raise smtplib.SMTPServerDisconnected("the answer has no end")
            if not (piece := _patiently(self._wire.recv, PIECE, end, beat)):
                raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line


def lines(*commands: str) -> bytes:
    """As they go over the wire; ValueError for what is more than one line, or no ASCII."""
    if any("\r" in command or "\n" in command for command in commands):
        raise ValueError("a command is one line")
    return "".join(f"{command}\r\n" for command in commands).encode("ascii")


def _patiently(step: Callable[[Any], Any], given: object, end: float, beat: Beat) -> Any:
    """What the connection does in short waits, until it is done."""
    while True:
        try:
            return step(given)
        except TimeoutError:
            beat()
            if monotonic() > min(end, stopping.at + STOP_SECONDS):
                raise TimeoutError("the server did not answer in time") from None


def words_of(error: Exception) -> str:
    """The server's own words where there are any, else what the connection broke on."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        return said(error.smtp_code, words.decode("utf-8", "replace") if isinstance(words, bytes) else words)
    return f"{type(error).__name__}: {error}"[:1000]
