"""A page as a browser without a screen sees it: its words, and its forms with what they would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from core.errors import DomainError

UNSENT = ("submit", "button", "image", "reset", "file")
UNREAD = ("svg", "script", "style", "nav", "template", "select", "button", "details", "textarea")
LINES = (
    "p",
    "div",
    "section",
    "article",
    "li",
    "h1",
    "h2",
    "h3",
    "dt",
    "tr",
    "blockquote",
    "header",
    "footer",
    "br",
)


@dataclass
class Form:
    """Where a form goes, and what it sends when nothing is filled in."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """`words` is what a reader sees in its main part, a line for each block; what is folded away is left out."""

    address: str
    status: int
    body: bytes
    forms: list[Form]
    words: str

    def form(self, ending: str) -> Form:
        """The form that goes to an address with this ending; DomainError where the page has none."""
        found = next(
            (f for f in self.forms if (f.action or self.address).split("?")[0].endswith(ending)), None
        )
        if not found:
            raise DomainError(f"The page {self.address} has no form to {ending}.")
        return found


def read(address: str, status: int, body: bytes) -> Page:
    reader = _Reader()
    if not body.startswith(b"%PDF"):
        reader.feed(body.decode())
    return Page(address, status, body, reader.forms, _tidy("".join(reader.words)))


def _tidy(words: str) -> str:
    lines = (" ".join(line.split()).replace(" :", ":").lstrip(": ") for line in words.splitlines())
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._area = self._select = ""
        self._open: list[str] = []
        self._typed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag in {"main", *UNREAD}:
            self._open.append(tag)
        self.words.append("\n" if tag in LINES else ": " if tag == "dd" else " ")
        self._typed = "as-typed" in held.get("class", "") or (self._typed and tag not in LINES)
        if tag == "form":
            self.forms.append(Form(held.get("action", "")))
        elif self.forms and tag == "button" and "formaction" in held:
            self.forms.append(Form(held["formaction"], self.forms[-1].fields))
        elif self.forms and tag in {"input", "textarea", "select", "option"}:
            self._control(tag, held)

    def _control(self, tag: str, held: dict[str, str]) -> None:
        fields, name = self.forms[-1].fields, held.get("name", "")
        if tag == "textarea":
            self._area = name
            fields[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in held or self._select not in fields):
            fields[self._select] = [held.get("value", "")]
        elif tag == "input" and held.get("type") not in UNSENT and _is_on(held):
            fields.setdefault(name, []).append(
                held.get("value", "on" if held.get("type") == "checkbox" else "")
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        if tag in LINES:
            self._typed = False
        if tag in {*LINES, "dd"} - {"dt"}:
            self.words.append("\n")
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area][0] += data
        elif self._open == ["main"]:
            self.words.append(data if self._typed else " ".join(data.split("\n")))


def _is_on(held: dict[str, str]) -> bool:
    return held.get("type") not in {"radio", "checkbox"} or "checked" in held
