"""One file for each way out. `Transport` is what delivering asks of them."""

from collections.abc import Callable
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from core.settings import Settings
from outbox.letters import Envelope, Outcome

Beat = Callable[[], None]
"""Called while a server lets us wait, so that our lease holds."""


OFFERED = ("phone", "letter", "sms")
"""Ways that an organisation may offer besides mail and a page of one's own; each is a file here."""
BY_ITSELF = ("mail", "sms")
"""What the clock delivers; for the others a colleague does something and says so."""
ADDRESSED = {"mail": "mail", "phone": "phone", "sms": "phone", "letter": "post"}
"""channel → the kind of address that it goes to"""
CONNECTIONS = 4
"""At the same time, unless SMTP_URL says `connections=`."""


class Transport(Protocol):
    """A way out. `leaves`: what it sends leaves this machine."""

    channel: str
    server: str
    leaves: bool

    def offer(self, envelope: Envelope, beat: Beat) -> Outcome | None:
        """Name sender and recipient; None when the server waits for the data. Whatever fails here is safe to try again."""

    def transmit(
        self,
        envelope: Envelope,
        following: Envelope | None,
        beat: Beat,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Outcome:
        """Hand over the bytes of what was offered, and name the `following` letter where the way out can.

        `meanwhile` is done while a server thinks.
        """

    def close(self) -> None:
        """Hang up; it may be used again."""


def transport(settings: Settings) -> Transport:
    """SMTP where SMTP_URL is set; else everything is kept in /mailbox."""
    if not settings.smtp_url:
        from outbox.channels.mailbox import Mailbox

        return Mailbox()
    from outbox.channels.smtp import Smtp

    return Smtp(settings.smtp_url, settings.domain)


def connections(settings: Settings) -> int:
    """How many connections to the mail server this process may have at the same time."""
    wanted = parse_qs(urlsplit(settings.smtp_url).query).get("connections", [""])[0]
    return max(1, min(int(wanted), 20)) if wanted.isdecimal() else CONNECTIONS
