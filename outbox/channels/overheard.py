"""A mail server is called by hand, and what was said stands on the page: our words and its own, without the password."""

import smtplib
from base64 import b64encode
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, cast
from urllib.parse import SplitResult, unquote

from outbox.channels.connecting import connect

HIDDEN = "•••"
LONGEST = 500
"""Characters of one line that are kept."""


@dataclass(frozen=True, slots=True)
class Line:
    """`ours`: we said it; else the server did."""

    ours: bool
    words: str


class Client(Protocol):
    """What is asked of a connection besides smtplib's own."""

    sock: Any

    def has_extn(self, opt: str) -> bool: ...

    def close(self) -> None: ...

    def mail(self, sender: str) -> tuple[int, bytes]: ...

    def rcpt(self, recip: str) -> tuple[int, bytes]: ...

    def data(self, msg: bytes) -> tuple[int, bytes]: ...

    def quit(self) -> tuple[int, bytes]: ...


def call(url: SplitResult, name: str, seconds: float, lines: list[Line]) -> Client:
    """As `connect`; what is said is added to `lines` as it is said, so that it is there when the call fails too."""
    heard = Heard(lines, unquote(url.username or ""), unquote(url.password or ""))
    return cast(
        Client, connect(url, name, seconds, (partial(Overheard, heard), partial(OverheardInPrivate, heard)))
    )


class Heard:
    """What was said, without what only we and the server may know."""

    def __init__(self, lines: list[Line], user: str, password: str) -> None:
        self.lines, self.in_secret = lines, False
        tokens = (f"\0{user}\0{password}", password) if password else ()
        coded = [b64encode(token.encode()).decode() for token in tokens]
        self._hidden = [hidden for hidden in (*coded, password) if hidden]

    def ours(self, said: str | bytes) -> None:
        words = said.decode("ascii", "replace") if isinstance(said, bytes) else said
        self._keep(
            True,
            f"{words.split()[0]} {HIDDEN}"
            if self.in_secret and words.startswith("AUTH")
            else HIDDEN
            if self.in_secret
            else words,
        )

    def theirs(self, code: int, words: bytes) -> None:
        for line in words.decode("utf-8", "replace").splitlines() or [""]:
            self._keep(False, f"{code} {line}")

    def _keep(self, ours: bool, words: str) -> None:
        for hidden in self._hidden:
            words = words.replace(hidden, HIDDEN)
        self.lines.append(Line(ours, "".join(c for c in words.strip() if c.isprintable())[:LONGEST]))


class Overheard(smtplib.SMTP):
    def __init__(self, heard: Heard, *where: Any, **how: Any) -> None:
        self.heard, self._letter = heard, False
        super().__init__(*where, **how)

    def send(self, s: Any) -> None:
        is_letter = self._letter and s != b"DATA\r\n" and s != "data\r\n"
        self.heard.ours(f"[{len(s)} bytes]" if is_letter else s)
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        code, words = super().getreply()
        self.heard.theirs(code, words)
        return code, words

    def auth(self, mechanism: str, authobject: Any, *, initial_response_ok: bool = True) -> tuple[int, bytes]:
        self.heard.in_secret = True
        try:
            return super().auth(mechanism, authobject, initial_response_ok=initial_response_ok)
        finally:
            self.heard.in_secret = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self._letter = True
        try:
            return super().data(msg)
        finally:
            self._letter = False


class OverheardInPrivate(Overheard, smtplib.SMTP_SSL):
    """With TLS from the start."""
