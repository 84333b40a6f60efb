"""SMTP. One connection serves a batch; who hangs up after the data leaves us in doubt, and we say so."""

import smtplib
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, urlsplit

from outbox.channels import Beat
from outbox.channels.connecting import connect, port_of
from outbox.channels.conversation import Conversation, Reply, lines, words_of
from outbox.letters import Envelope, Outcome
from outbox.replies import after_data, before_data, said


class Smtp:
    """A mail server, by its SMTP_URL; `name` is what we call ourselves."""

    channel = "mail"
    leaves = True

    def __init__(self, url: str, name: str) -> None:
        self._url = urlsplit(url)
        self._name = name
        self._talk: Conversation | None = None
        self._begun = False
        self._waits = False
        """The server said 354: it waits for a letter, and hears nothing else."""
        self._ahead: Envelope | None = None
        """Named with the letter before; its replies are still to come."""
        self.server = f"{self._url.hostname}:{port_of(self._url)}"

    def offer(self, envelope: Envelope, beat: Beat) -> Outcome | None:
        """Connect where needed, then MAIL, RCPT and DATA: a server keeps nothing of a letter before its final dot."""
        if self._waits or self._ahead not in (None, envelope):
            self.close()  # it waits for another one: hanging up is the only way to take that back
        try:
            talk = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            return _at_the_door(error)
        try:
            return self._introduce(talk, envelope, beat)
        except (
            OSError,
            smtplib.SMTPException,
            ValueError,
        ) as error:  # ValueError: a MAIL_FROM no wire can carry
            self.close()
            return Outcome("retry", reply=words_of(error))

    def _connected(self) -> Conversation:
        if self._talk is None:
            alone = parse_qs(self._url.query).get("pipelining") == ["0"]
            self._talk, self._begun = Conversation(connect(self._url, self._name), pipelines=not alone), False
        return self._talk

    def _introduce(self, talk: Conversation, envelope: Envelope, beat: Beat) -> Outcome | None:
        """None when the server waits for the bytes."""
        replies = self._replies(talk, envelope, beat)
        self._begun, self._waits = True, replies[-1][0] == 354
        refused = _refused(replies)
        if refused and refused.code == 421:
            self.close()
        return refused

    def _replies(self, talk: Conversation, envelope: Envelope, beat: Beat) -> list[Reply]:
        if self._ahead:
            self._ahead = None
            return talk.hear(beat, len(_commands(envelope)))
        if self._begun:
            talk.say(beat, "RSET")
        return talk.say(beat, *_commands(envelope)) if talk.pipelining else _in_turn(talk, envelope, beat)

    def transmit(
        self,
        envelope: Envelope,
        following: Envelope | None,
        beat: Beat,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Outcome:
        """From here on only a reply tells. The `following` letter is named in the same breath: RFC 2920, 3.1."""
        talk, self._begun, self._waits = self._connected(), False, False
        self._ahead = following if talk.pipelining else None
        names = lines(*_commands(self._ahead)) if self._ahead else b""
        try:
            talk.send(stuffed(envelope.data) + names, beat)
            meanwhile()
            outcome = after_data(*talk.verdict(beat))
        except (OSError, smtplib.SMTPException) as error:
            outcome = Outcome(
                "unknown", reply=f"No answer after it was handed over: {words_of(error)}"[:1000]
            )
        if outcome.state == "unknown" or outcome.code == 421:
            self.close()
        return outcome

    def close(self) -> None:
        """Hang up at once: a polite QUIT would wait for a server that may not answer."""
        if self._talk is not None:
            self._talk.close()
        self._talk, self._ahead, self._waits = None, None, False


def _commands(envelope: Envelope) -> tuple[str, str, str]:
    return f"MAIL FROM:<{envelope.sender}>", f"RCPT TO:<{envelope.recipient}>", "DATA"


def _in_turn(talk: Conversation, envelope: Envelope, beat: Beat) -> list[Reply]:
    """Each command only to a server that took the one before."""
    replies: list[Reply] = []
    for command in _commands(envelope):
        replies += talk.say(beat, command)
        if _refused(replies):
            break
    return replies


def _refused(replies: Sequence[Reply]) -> Outcome | None:
    """The first refusal among the replies to MAIL, RCPT and DATA."""
    for stage, (code, words) in zip(("mail", "rcpt", "data"), replies, strict=False):
        if refused := before_data(stage, code, words):
            return refused
        if stage == "data" and code != 354:
            return Outcome("retry", code, said(code, words))
    return None


def _at_the_door(error: Exception) -> Outcome:
    """Refused, or no connection at all: not about any message, so everybody waits."""
    code = (
        error.smtp_code if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0 else None
    )
    return Outcome("retry", code, words_of(error), alarm=bool(code and code >= 500), everyone=True)


def stuffed(data: bytes) -> bytes:
    """With the dots doubled that begin a line, and the dot that ends it all."""
    return data.replace(b"\n.", b"\n..") + b".\r\n"
