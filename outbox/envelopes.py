"""Bytes of a message. EmailMessage makes the skeleton once; each value put into it is checked and encoded.

EmailMessage itself costs 1.9 ms a mail, which is most of what a mail may cost; this costs about a tenth.
"""

from binascii import b2a_qp
from collections.abc import Mapping
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache

from core import links
from core.settings import Settings
from outbox.addresses import one_address
from outbox.encoding import UnfitError, checked, mailbox, unstructured
from outbox.letters import Envelope, Letter
from outbox.slots import address, with_links

THREADED = {"In-Reply-To", "References"}
BOUNDARY = b"=_BOUNDARY_BOUNDARY_BOUNDARY_BOUN"


def build(letter: Letter, settings: Settings) -> Envelope:
    """The envelope and the bytes of one letter, the same whenever it is built; UnfitError when it cannot be."""
    recipient = one_address(letter.recipient)
    if recipient is None:
        raise UnfitError("this is not one mail address")
    if letter.text is None or letter.html is None:
        raise UnfitError("its words are lost")
    urls = {name: address(target) for name, target in letter.links.items()}
    bodies = (with_links(body, letter.slot, urls) for body in (letter.text, letter.html))
    text, html = (quoted(body, remember=not letter.secret) for body in bodies)
    headers = "\r\n".join(
        f"{name}: {value}" for name, value in _headers(letter, recipient, urls, settings).items()
    )
    before, between, after = (part.replace(BOUNDARY, f"=_{letter.key}".encode()) for part in _skeleton())
    data = b"".join((headers.encode("ascii"), before, text, between, html, after))
    return Envelope(return_path(letter.id, settings), recipient, data)


def _headers(letter: Letter, recipient: str, urls: Mapping[str, str], settings: Settings) -> dict[str, str]:
    return {
        "From": mailbox(letter.sender_name, settings.mail_from),
        "To": mailbox(letter.recipient_name, recipient),
        "Reply-To": return_path(letter.id, settings),
        "Subject": unstructured(letter.subject),
        "Message-ID": f"<{letter.key}@{checked(settings.domain)}>",
        "Date": format_datetime(letter.created_at),
        "Auto-Submitted": "auto-generated",
        **_unsubscribing(urls),
        **{checked(name): _value(name, value) for name, value in letter.headers.items()},
    }


def _value(name: str, value: str) -> str:
    """Message-IDs stand as they are, one a line; anything else is words."""
    return (
        checked(value).replace(" ", "\r\n ") if name in THREADED and value.isascii() else unstructured(value)
    )


def _unsubscribing(urls: Mapping[str, str]) -> dict[str, str]:
    """RFC 8058: one click, by POST."""
    if "unsubscribe" not in urls:
        return {}
    return {
        "List-Unsubscribe": f"<{checked(urls['unsubscribe'])}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def return_path(id: int, settings: Settings) -> str:
    """Where bounces and replies come back: an address of this message's own, when somebody reads it."""
    if not settings.hears_back:
        return checked(settings.mail_from)
    local, _, domain = checked(settings.mail_from).rpartition("@")
    return f"{local}+{links.token('verp', id)}@{domain}"


def quoted(body: str, remember: bool = False) -> bytes:
    """Quoted-printable with the line ends of mail. `remember` its lines for the next one: never those with a one-time link."""
    data = body.encode()
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return b"".join(map(_remembered if remember else _quoted, data.rstrip(b"\n").split(b"\n")))


def _quoted(line: bytes) -> bytes:
    return b2a_qp(line + b"\r\n", istext=True)


_remembered = lru_cache(maxsize=512)(_quoted)
"""Nearly all lines of a letter stand in the next one too."""


@lru_cache(maxsize=1)
def _skeleton() -> tuple[bytes, bytes, bytes]:
    """(after the headers, between the bodies, after them), with a boundary to replace."""
    message = EmailMessage(policy=policy.SMTP)
    message.set_content("TEXT", cte="quoted-printable")
    message.add_alternative("HTML", subtype="html", cte="quoted-printable")
    message.set_boundary(BOUNDARY.decode())
    head, text, rest = message.as_bytes().partition(b"TEXT\r\n")
    between, html, after = rest.partition(b"HTML\r\n")
    if not text or not html:
        raise RuntimeError("EmailMessage lays out its parts in another way")
    return b"\r\n" + head, between, after
