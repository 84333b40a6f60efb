"""The words of a message that came in, decoded whatever it says it is encoded in."""

import codecs
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as Mail

from outbox.incoming import html_words
from outbox.incoming.own_words import own_words, unflowed

LIMIT = 100_000


def header(mail: Mail, name: str) -> str:
    """A header as text, decoded; nothing where there is none or it makes no sense."""
    value = mail.get(name)
    try:
        return _storable(str(make_header(decode_header(str(value))))) if value is not None else ""
    except (HeaderParseError, LookupError, ValueError):
        return _storable(str(value))


def _storable(text: str) -> str:
    """Without what no database keeps: NUL and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def plain_text(mail: Mail) -> str:
    """All that a person reads, with what it quotes: the text parts, else the HTML parts without their tags."""
    plain, html = _bodies(mail)
    return plain or html_words.whole(html)


def written(mail: Mail) -> str:
    """What somebody wrote themselves, without quotes and signatures."""
    plain, html = _bodies(mail)
    return own_words(plain or html_words.seen(html))


def _bodies(mail: Mail) -> tuple[str, str]:
    """(text, HTML): what stands between pictures is one text."""
    parts = shown(mail)
    plain = [_text(part) for part in parts if part.get_content_type() == "text/plain"]
    html = [payload(part) for part in parts if part.get_content_type() == "text/html"]
    return "\n".join(filter(None, plain))[:LIMIT], "<br>".join(html)[:LIMIT]


def _text(part: Mail) -> str:
    text = payload(part)
    if str(part.get_param("format", "")).lower() == "flowed":
        text = unflowed(text, without_space=str(part.get_param("delsp", "")).lower() == "yes")
    return text.replace("\ufeff", "").strip()


def shown(mail: Mail) -> list[Mail]:
    """The parts that are read as the message itself: nothing that is attached, and nothing of a message in it."""
    if mail.get_content_disposition() == "attachment" or mail.get_content_type() == "message/rfc822":
        return []
    if not mail.is_multipart():
        return [] if _is_named(mail) else [mail]
    return [found for part in mail.get_payload() if isinstance(part, Mail) for found in shown(part)]


def _is_named(part: Mail) -> bool:
    """A file that a program shows below the words."""
    return (
        part.get_param("filename", header="Content-Disposition") is not None
        or part.get_param("name") is not None
    )


def unknown_charsets(mail: Mail) -> list[str]:
    """What parts of it say their letters are in, and nobody here knows."""
    named = [part.get_content_charset() for part in shown(mail) if part.get_content_maintype() == "text"]
    return [charset for charset in dict.fromkeys(named) if charset and not _is_known(charset)]


def _is_known(charset: str) -> bool:
    try:
        codecs.lookup(charset)
    except (LookupError, ValueError):
        return False
    return "escape" not in charset


def payload(part: Mail) -> str:
    """The decoded body of a part, whatever it says it is encoded in."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    data, charset = data[: 4 * LIMIT], part.get_content_charset() or "utf-8"
    try:
        text = data.decode(
            "utf-8" if "escape" in charset else charset, "replace"
        )  # Python's own are no charsets
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    return _storable(text.replace("\r\n", "\n"))[:LIMIT]
