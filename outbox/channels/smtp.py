"""SMTP. One connection serves a batch; who hangs up after the data leaves us in doubt, and we say so."""

import smtplib
from collections.abc import Callable
from urllib.parse import urlsplit

from outbox.channels import Beat
from outbox.channels.connecting import connect, port_of
from outbox.channels.conversation import Conversation, Reply, words_of
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
        self.server = f"{self._url.hostname}:{port_of(self._url)}"

    def offer(self, envelope: Envelope, beat: Beat) -> Outcome | None:
        """Connect where needed, then MAIL and RCPT."""
        try:
            talk = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            return _at_the_door(error)
        try:
            return self._name_both(talk, envelope, beat)
        except (
            OSError,
            smtplib.SMTPException,
            ValueError,
        ) as error:  # ValueError: a MAIL_FROM no wire can carry
            self.close()
            return Outcome("retry", reply=words_of(error))

    def _connected(self) -> Conversation:
        if self._talk is None:
            self._talk, self._begun = Conversation(connect(self._url, self._name)), False
        return self._talk

    def _name_both(self, talk: Conversation, envelope: Envelope, beat: Beat) -> Outcome | None:
        if self._begun:
            talk.say(beat, "RSET")
        self._begun = True
        names = f"MAIL FROM:<{envelope.sender}>", f"RCPT TO:<{envelope.recipient}>"
        sender, *recipient = talk.say(beat, *names) if talk.pipelining else _in_turn(talk, names, beat)
        refused = before_data("mail", *sender)
        for reply in () if refused else recipient:
            refused = before_data("rcpt", *reply)
        if refused and refused.code == 421:
            self.close()
        return refused

    def transmit(self, envelope: Envelope, beat: Beat, meanwhile: Callable[[], object]) -> Outcome:
        """DATA. Until 354 nothing was handed over; after it, only a reply tells."""
        talk = self._connected()
        try:
            [(code, words)] = talk.say(beat, "DATA")
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Outcome("retry", reply=words_of(error))
        if code == 421:
            self.close()
        if code != 354:
            return before_data("data", code, words) or Outcome("retry", code, said(code, words))
        return self._hand_over(talk, envelope.data, beat, meanwhile)

    def _hand_over(
        self, talk: Conversation, data: bytes, beat: Beat, meanwhile: Callable[[], object]
    ) -> Outcome:
        try:
            outcome = after_data(*talk.hand_over(stuffed(data), beat, meanwhile))
        except (OSError, smtplib.SMTPException) as error:
            outcome = Outcome(
                "unknown", reply=f"No answer after it was handed over: {words_of(error)}"[:1000]
            )
        self._begun = False
        if outcome.state == "unknown" or outcome.code == 421:
            self.close()
        return outcome

    def close(self) -> None:
        """Hang up at once: a polite QUIT would wait for a server that may not answer."""
        if self._talk is not None:
            self._talk.close()
        self._talk = None


def _in_turn(talk: Conversation, names: tuple[str, str], beat: Beat) -> list[Reply]:
    """The recipient only to a server that took the sender."""
    sender = talk.say(beat, names[0])
    return sender if before_data("mail", *sender[0]) else sender + talk.say(beat, names[1])


def _at_the_door(error: Exception) -> Outcome:
    """Refused, or no connection at all: not about any message, so everybody waits."""
    code = (
        error.smtp_code if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0 else None
    )
    return Outcome("retry", code, words_of(error), alarm=bool(code and code >= 500), everyone=True)


def stuffed(data: bytes) -> bytes:
    """With the dots doubled that begin a line, and the dot that ends it all."""
    return data.replace(b"\n.", b"\n..") + b".\r\n"
