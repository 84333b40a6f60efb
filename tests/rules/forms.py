"""Every form of every page that an admin can open, as a browser finds it, so that a test can send it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from xml.etree.ElementTree import Element

from tests.markup import tree
from tests.rules.world import World, all_routes

FIELDS = {"input", "select", "textarea"}
OWN = "csrf_token"
"""The browsers of these tests send it by themselves, as a header."""
TEXT = {"text", "email", "search", "tel", "url", "password", ""}


@dataclass(frozen=True, slots=True)
class Form:
    """One form with POST: where it goes, what a browser would send, and which of it a person types or chooses."""

    page: str
    action: str
    sent: tuple[tuple[str, str], ...]
    typed: tuple[str, ...]
    chosen: tuple[str, ...]

    def filled(self, **changed: str) -> dict[str, str]:
        return {**dict(self.sent), **changed}

    def __str__(self) -> str:
        return f"{self.page} → {self.action}"


def forms(world: World) -> tuple[Form, ...]:
    """Each once, by where it goes and what it asks."""
    found = {(re.sub(r"\d+", "#", f.action), f.typed, f.chosen): f for f in _all(world)}
    return tuple(found.values())


@cache
def pages() -> tuple[str, ...]:
    return tuple(sorted({rule for _, method, rule in all_routes() if method == "GET"}))


def _all(world: World) -> Iterator[Form]:
    for rule in pages():
        address, _rows = world.filled(rule)
        for who in ("admin", "stranger"):
            answer = world.ask(who, "GET", address)
            if answer.status_code == 200 and answer.mimetype == "text/html" and "<form" in answer.text:
                yield from (replace(f, page=address) for f in _forms(tree(answer.text), address))


def _forms(page: Element, address: str) -> Iterator[Form]:
    for form in page.iter("form"):
        if form.attrib.get("method", "get").lower() == "post":
            yield _form(form, form.attrib.get("action") or address)


def _form(form: Element, action: str) -> Form:
    named = [e for e in form.iter() if e.tag in FIELDS and e.attrib.get("name", OWN) != OWN]
    typed = [e.attrib["name"] for e in named if _is_typed(e)]
    chosen = [e.attrib["name"] for e in named if e.attrib["name"] not in typed]
    sent = {e.attrib["name"]: _value(e) for e in named if _is_sent(e)}
    return Form("", action, tuple(sent.items()), tuple(dict.fromkeys(typed)), tuple(dict.fromkeys(chosen)))


def _is_typed(element: Element) -> bool:
    return element.tag == "textarea" or (element.tag == "input" and element.attrib.get("type", "") in TEXT)


def _is_sent(element: Element) -> bool:
    return element.attrib.get("type") not in {"radio", "checkbox"} or "checked" in element.attrib


def _value(element: Element) -> str:
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [o for o in options if "selected" in o.attrib] or options[:1]
        return chosen[0].attrib.get("value", "") if chosen else ""
    return "".join(element.itertext()) if element.tag == "textarea" else element.attrib.get("value", "")
