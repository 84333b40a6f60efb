"""The words of a message that came in: decoded, and without what is quoted and signed."""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as Mail
from html import unescape

ATTRIBUTION = re.compile(
    r"^\s*(>|On\b.{0,200}\bwrote:|Op\b.{0,200}\bschreef\b.{0,200}:|Am\b.{0,200}\bschrieb\b.{0,200}:|Le\b.{0,200}\ba écrit\b.{0,9}:"
    r"|.{0,200}\bheeft\b.{0,200}\bgeschreven:|-{2,}\s*(Original Message|Oorspronkelijk bericht|Forwarded message|Doorgestuurd bericht)"
    r"|_{10,}\s*$|(From|Van|Von|De):\s.+@)",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"^(-- ?|(sent from my|verstuurd vanaf|verzonden vanaf|verstuurd met|get outlook for|outlook voor)\b.{0,80})$",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*>", re.IGNORECASE)
_BREAKS = {"br", "p", "div", "tr", "li", "blockquote", "h1", "h2", "h3", "h4"}
_UNSEEN = {"head", "style", "script"}
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
    """The text part that a person reads; else the HTML part without its tags."""
    texts = {kind: part for part in reversed(list(_shown(mail))) for kind in [part.get_content_type()]}
    if "text/plain" in texts:
        return payload(texts["text/plain"]).strip()
    return _without_tags(payload(texts["text/html"])).strip() if "text/html" in texts else ""


def _shown(mail: Mail) -> list[Mail]:
    return [
        part
        for part in mail.walk()
        if not part.is_multipart() and part.get_content_disposition() != "attachment"
    ]


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


def _without_tags(html: str) -> str:
    """In one pass: blocks become lines, what nobody sees goes."""
    kept, position, unseen = [], 0, ""
    for tag in _TAG.finditer(html):
        kept += [] if unseen else [html[position : tag.start()], "\n" * (tag[2].lower() in _BREAKS)]
        unseen = _still_unseen(unseen, tag[2].lower(), closes=bool(tag[1]))
        position = tag.end()
    return unescape("".join(kept) + ("" if unseen else html[position:]))


def _still_unseen(unseen: str, name: str, *, closes: bool) -> str:
    if unseen:
        return "" if closes and name == unseen else unseen
    return name if name in _UNSEEN and not closes else ""


def own_words(text: str) -> str:
    """What was written above the quote and the signature; all of it when nothing stands above."""
    kept: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if ATTRIBUTION.match(_joined(lines, number)) or SIGNATURE.match(line.rstrip()):
            break
        kept.append(line)
    return "\n".join(kept).strip() or text.strip()


def _joined(lines: list[str], number: int) -> str:
    """A line with the next one: programs break "On … wrote:" in two."""
    line = lines[number]
    opens = re.match(r"\s*(On|Op|Am|Le)\b", line) and not line.rstrip().endswith(":")
    return f"{line} {lines[number + 1]}" if opens and number + 1 < len(lines) else line
