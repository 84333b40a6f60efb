"""DKIM: a signature over the headers that never change, where DKIM_SELECTOR and DKIM_KEY are set.

Most mail servers sign what goes through them; this is for those that do not. It costs some 10 ms a mail.
"""

from dataclasses import replace

from core.settings import Settings
from outbox.addresses import domain
from outbox.letters import Envelope

HEADERS = (
    "from", "to", "reply-to", "subject", "message-id", "date", "auto-submitted", "mime-version", "content-type",
    "list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id",
)  # fmt: skip
"""RFC 8058 asks for the two that unsubscribe."""


def signed(envelope: Envelope, settings: Settings) -> Envelope:
    """The same letter under a signature of MAIL_FROM's domain; as it is, where no key is set."""
    if not settings.dkim_key:
        return envelope
    import dkim  # type: ignore[import-untyped]

    head = envelope.data.partition(b"\r\n\r\n")[0].lower()
    there = [name.encode() for name in HEADERS if b"\r\n" + name.encode() + b":" in b"\r\n" + head]
    signature: bytes = dkim.sign(
        envelope.data, settings.dkim_selector.encode(), domain(settings.mail_from).encode(), settings.dkim_key.encode(),
        canonicalize=(b"relaxed", b"relaxed"), include_headers=there,
    )  # fmt: skip
    return replace(envelope, data=signature + envelope.data)
