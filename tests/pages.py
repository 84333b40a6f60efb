"""A page as a person finds it: its words, its links, and its form to fill in and send."""

from typing import Any
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.markup import tree

UNSEEN = {"script", "style", "title", "head"}


class Page:
    """An answer of the server, which must be sound HTML with ids that are there once."""

    def __init__(self, answer: TestResponse) -> None:
        self.status, self.headers, self.html = answer.status_code, answer.headers, answer.text
        self.tree = tree(self.html)
        ids = [e.attrib["id"] for e in self.tree.iter() if "id" in e.attrib]
        assert len(ids) == len(set(ids)), f"ids twice: {sorted(i for i in ids if ids.count(i) > 1)}"

    @property
    def words(self) -> str:
        """What can be read, each run of white space as one space."""
        return " ".join(" ".join(texts(self.tree)).split())

    @property
    def heading(self) -> str:
        return " ".join("".join(e.itertext()) for e in self.tree.iter("h1")).strip()

    def links(self) -> dict[str, str]:
        """words → address"""
        return {
            " ".join("".join(a.itertext()).split()): a.attrib.get("href", "") for a in self.tree.iter("a")
        }

    def element(self, id: str) -> Element:
        return next(e for e in self.tree.iter() if e.attrib.get("id") == id)

    def errors(self) -> dict[str, str]:
        """id of a field → the sentence beside it"""
        marked = {e.attrib["id"]: e for e in self.tree.iter() if e.attrib.get("id", "").endswith("-error")}
        return {
            id.removesuffix("-error"): " ".join("".join(e.itertext()).split()) for id, e in marked.items()
        }

    def form(self) -> dict[str, str]:
        """What a browser would send now, by name."""
        return {
            e.attrib["name"]: _value(e) for e in self._form().iter() if "name" in e.attrib and _is_sent(e)
        }

    def action(self) -> str:
        return self._form().attrib["action"]

    def _form(self) -> Element:
        """Of what the page is about: the frame around it has forms too."""
        return next(self.element("main").iter("form"))


def get(client: FlaskClient, address: str, **kwargs: Any) -> Page:
    return Page(client.get(address, **kwargs))


def send(client: FlaskClient, page: Page, /, **typed: str) -> TestResponse:
    """Fill in (by name; `__` stands for a hyphen) and press the button."""
    said = {name.replace("__", "-"): value for name, value in typed.items()}
    return client.post(page.action(), data={**page.form(), **said})


def texts(element: Element) -> list[str]:
    """Every piece of text that can be seen."""
    if element.tag in UNSEEN or "hidden" in element.attrib:
        return [element.tail or ""]
    inner = [text for child in element for text in texts(child)] if isinstance(element.tag, str) else []
    return [(element.text or "") if isinstance(element.tag, str) else "", *inner, element.tail or ""]


def _is_sent(element: Element) -> bool:
    if element.tag == "input" and element.attrib.get("type") in {"radio", "checkbox"}:
        return "checked" in element.attrib
    return element.tag in {"input", "textarea", "select"}


def _value(element: Element) -> str:
    if element.tag == "select":
        chosen = [o for o in element.iter("option") if "selected" in o.attrib] or list(
            element.iter("option")
        )[:1]
        return chosen[0].attrib["value"] if chosen else ""
    return "".join(element.itertext()) if element.tag == "textarea" else element.attrib.get("value", "")
