"""What is attached to a mail: kept within bounds, known by its content and never by its name, or refused with the reason.

Nothing of it is ever opened here or shown in a page; what can run something is not kept at all.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Mail
from io import BytesIO

from core.text import one_line
from outbox.incoming.words import header, plain_text, shown

MOST = 10
"""Attachments of one message that are kept."""
MEGABYTE = 1024 * 1024
LARGEST, TOGETHER = 5 * MEGABYTE, 10 * MEGABYTE
"""Bytes of one attachment, and of all of a message."""
NAMED = 50
"""Attachments that are named at all."""
KINDS = re.compile(
    r"image/(jpeg|png|gif|webp|heic|avif|tiff|bmp)|audio/(mpeg|mp4|ogg|amr|aac|x-wav)|video/(mp4|3gpp|quicktime|x-m4v|webm)|application/pdf"
    r"|application/vnd\.openxmlformats-officedocument\.(wordprocessingml\.document|spreadsheetml\.sheet|presentationml\.presentation)"
    r"|application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)"
)
WORDS = {"text/plain", "text/html"}
TEXT, FORWARDED = "text/plain", "forwarded.txt"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class File:
    """One attachment; `refused` is one of outbox.models.REFUSALS, and then there is no content."""

    name: str
    kind: str
    size: int
    refused: str
    content: bytes


def files_of(mail: Mail) -> tuple[File, ...]:
    """Each in turn; those beyond the bounds by name only."""
    found: list[File] = []
    room = TOGETHER
    for part in _attached(mail):
        if len(found) == NAMED:
            break
        one = _file(part, room) if len(found) < MOST else _refused(_name(part), 0, "number")
        room -= len(one.content)
        found.append(one)
    return tuple(found)


def _attached(mail: Mail) -> Iterator[Mail]:
    """Leaves that are not read as the message itself, and whole messages that were sent along; also within each other."""
    read = {id(part) for each in _messages(mail) for part in shown(each) if part.get_content_type() in WORDS}
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822" or not (part.is_multipart() or id(part) in read):
            yield part


def _messages(mail: Mail) -> Iterator[Mail]:
    """It, and each that was sent along in it."""
    yield mail
    for part in mail.walk():
        if inner := _inner(part):
            yield inner


def _inner(part: Mail) -> Mail | None:
    """The message in a part that holds one."""
    held = part.get_payload() if part.get_content_type() == "message/rfc822" else None
    return held[0] if isinstance(held, list) and held and isinstance(held[0], Mail) else None


def _file(part: Mail, room: int) -> File:
    name = _name(part)
    content = _forwarded(part) if part.get_content_type() == "message/rfc822" else _content(part)
    if content is None:
        return _refused(name, 0, "broken")
    if len(content) > min(LARGEST, room):
        return _refused(name, len(content), "size")
    kind = kind_of(content)
    return File(name, kind, len(content), "", content) if kind else _refused(name, len(content), "kind")


def _refused(name: str, size: int, why: str) -> File:
    return File(name, "", size, why, b"")


def _content(part: Mail) -> bytes | None:
    """None when it cannot be decoded at all."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else None


def _forwarded(part: Mail) -> bytes | None:
    """A message that was sent along, as text: who wrote it, when, about what, and its words."""
    inner = _inner(part)
    if inner is None:
        return None
    head = [f"{name}: {header(inner, name)}" for name in ("From", "Date", "Subject") if inner[name]]
    return "\n".join([*head, "", plain_text(inner)]).encode()


def _name(part: Mail) -> str:
    """As it was called, on one line and without a folder; something to call it by where it had no name."""
    if part.get_content_type() == "message/rfc822":
        return FORWARDED
    try:
        said = part.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        said = ""
    named = one_line(re.split(r"[/\\]", said.replace("\x00", ""))[-1], 120).strip(". ")
    return named or f"{part.get_content_maintype()}.{part.get_content_subtype()}"[:120]


def kind_of(content: bytes) -> str:
    """Its media type where it is one that is kept; nothing for any other, whatever it is called."""
    from filetype import guess

    found = guess(content[:8192])
    kind = str(found.mime) if found else TEXT if _is_text(content) else ""
    if not (kind == TEXT or KINDS.fullmatch(kind)):
        return ""
    return "" if kind.startswith("application/vnd") and _has_macros(content) else kind


def _is_text(content: bytes) -> bool:
    """Plain words: no markup that a program could take for a page, and nothing that is not text."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text) and not text.lstrip("\ufeff \t\r\n").startswith(("<", "#!", "%!"))


def _has_macros(content: bytes) -> bool:
    """Also one that cannot be looked into."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            return any(
                re.search(r"vba|macro|activex|Basic/", name, re.IGNORECASE) for name in packed.namelist()
            )
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return True
