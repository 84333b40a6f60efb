"""The words of an HTML mail, without what mail programs mark as quoted or signed. One pass, however the HTML is made."""

import re
from dataclasses import dataclass, field
from html import unescape

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>", re.IGNORECASE)
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_BREAKS = {"br", "p", "div", "tr", "li", "blockquote", "h1", "h2", "h3", "h4", "hr", "table"}
_APART = {"p", "h1", "h2", "h3", "h4"}
"""Blocks that stand apart from the next by an empty line."""
_VOID = {"br", "hr", "img", "meta", "link", "input", "col", "wbr", "base"}
_UNSEEN = {"head", "style", "script", "title"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
QUOTED = re.compile(
    r"gmail_(quote|attr|signature)|data-smartmail=.?gmail_signature|type=.?cite|moz-(cite-prefix|signature)|yahoo_quoted|protonmail_(quote|signature)"
    r"|\bid=.?(ms-outlook-mobile-signature|Signature\b)",
    re.IGNORECASE,
)
"""Attributes of an element that holds a quote, what stands above one, or a signature."""
REST = re.compile(
    r"\bid=.?(appendonsend|divRplyFwdMsg|mail-editor-reference-message-container|stopSpelling|OLK_SRC_BODY_SECTION)|border:\s*none;\s*border-top:\s*solid\s+#",
    re.IGNORECASE,
)
"""Outlook's: from here on everything is the message that is answered."""

OUTLOOK = "MsoNormal"


@dataclass(slots=True)
class _Reader:
    apart: bool = True
    """Paragraphs have an empty line below them; Outlook's have none, and an empty paragraph instead."""
    kept: list[str] = field(default_factory=list)
    unseen: str = ""
    """The element that is left out, with the depth of those of its name in it."""
    depth: int = 0
    ended: bool = False
    fresh: bool = True
    """Nothing stands on this line yet."""

    def words(self, text: str) -> None:
        if not self.unseen and not self.ended:
            self.kept.append(_SPACE.sub(" ", text))
            self.fresh = self.fresh and not text.strip()

    def tag(self, name: str, attributes: str, *, closes: bool) -> None:
        if self.unseen:
            self._inside(name, attributes, closes=closes)
        elif not closes and REST.search(attributes[:2000]):
            self.ended = True
        elif not closes and self._is_left_out(name, attributes):
            self.unseen, self.depth = name, 1
        if not self.ended and name in _BREAKS and not (self.unseen and self.unseen != name):
            self._new_line(name, closes=closes)

    def _new_line(self, name: str, *, closes: bool) -> None:
        """A block begins on a new line; where it stands on one already only what asks for an empty line makes one."""
        below = self.apart and name in _APART and closes
        self.kept.append("\n" * ((name == "br" or not self.fresh) + below))
        self.fresh = True

    def _inside(self, name: str, attributes: str, *, closes: bool) -> None:
        if name == self.unseen and not attributes.endswith("/"):
            self.depth += -1 if closes else 1
            self.unseen = self.unseen if self.depth else ""

    def _is_left_out(self, name: str, attributes: str) -> bool:
        return name not in _VOID and (name in _UNSEEN or QUOTED.search(attributes[:2000]) is not None)


def seen(html: str) -> str:
    """The text of what somebody wrote: blocks become lines, quotes and signatures go; all of it when nothing else is there."""
    plain = without_comments(html)
    return _read(plain, _Reader(OUTLOOK not in plain)) or whole(plain)


def whole(html: str) -> str:
    """The text with its quotes."""
    return _read(QUOTED.sub("", REST.sub("", without_comments(html))), _Reader(OUTLOOK not in html))


def _read(html: str, reader: _Reader) -> str:
    position = 0
    for tag in _TAG.finditer(html):
        reader.words(html[position : tag.start()])
        reader.tag(tag[2].lower(), tag[3], closes=bool(tag[1]))
        position = tag.end()
    reader.words(html[position:])
    return tidy(unescape("".join(reader.kept)))


def tidy(text: str) -> str:
    """Lines without space around them, and never two empty ones below each other."""
    lines = [line.strip(" \t\xa0") for line in text.replace("\ufeff", "").split("\n")]
    kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
    return "\n".join(kept).strip()


def without_comments(html: str) -> str:
    """Also what only Outlook reads, which stands in comments."""
    kept, position = [], 0
    while (start := html.find("<!--", position)) >= 0:
        kept.append(html[position:start])
        end = html.find("-->", start)
        position = end + 3 if end >= 0 else len(html)
    return _DECLARATION.sub("", "".join([*kept, html[position:]]))
