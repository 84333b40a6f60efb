"""Pages for strangers as they stand at 200 % and at 400 %, and every kind of question answered without a mouse."""

from collections.abc import Callable
from itertools import cycle

import pytest
from playwright.sync_api import BrowserContext, Page

from core import clock
from core.db import db
from surveys.kinds import KINDS
from surveys.models_responses import Response
from tests import public_pages
from tests.cast import Cast
from tests.public_pages import LANGUAGES, spoken
from tests.surveys.answers import responses, values
from tests.walks.conftest import Device

ZOOMS = {"200 %": 640, "400 %": 320}
"""How wide a window of 1280 is for the page in it."""
CUT = """() => {
    const seen = [...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && !e.closest(".unseen, .skip, svg"));
    const outside = e => { const box = e.getBoundingClientRect(); return box.width && (box.left < -1 || box.right > innerWidth + 1); };
    const hides = e => /hidden|clip/.test(getComputedStyle(e).overflow) && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
    const sideways = document.documentElement.scrollWidth > document.documentElement.clientWidth;
    return [...seen.filter(e => outside(e) || hides(e)).map(e => e.outerHTML.slice(0, 120)), ...(sideways ? ["scrolls sideways"] : [])];
}"""
WHOLE = {"form", "first step", "step 9", "closed", "by a link", "done", "you said"}
SEVERAL = ("step 3", "step 9", "step 16")
"""Of the steps, which are a page alike."""
PRESSED = 160
"""Tabs until the end of the longest page."""


@pytest.fixture
def addresses(people: Cast) -> dict[str, str]:
    made = public_pages.make(people, clock.now())
    return {name: path for name, path in made.items() if not name.startswith("step ") or name in SEVERAL}


def test_nothing_is_cut_and_nothing_scrolls_sideways_however_large(
    addresses: dict[str, str], visitor: Callable[..., BrowserContext]
) -> None:
    page = visitor(Device(640, "light")).new_page()
    found = []
    for name, address, language in _in_languages(addresses):
        page.goto(spoken(address, language), wait_until="domcontentloaded")
        for zoom, width in ZOOMS.items():
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{name}, {language}, {zoom}: {one}" for one in page.evaluate(CUT)]
    assert not found


def _in_languages(addresses: dict[str, str]) -> list[tuple[str, str, str]]:
    """What somebody fills in or comes back to, in each language; the others in one of them, in turn."""
    turn = [(item, language) for item, language in zip(addresses.items(), cycle(LANGUAGES), strict=False)]
    return [
        (name, address, one)
        for (name, address), language in turn
        for one in (LANGUAGES if name in WHOLE else (language,))
    ]


@pytest.mark.parametrize("scripts", [False, True], ids=["no-scripts", "scripts"])
def test_every_kind_of_question_is_answered_by_keyboard_alone(
    addresses: dict[str, str], visitor: Callable[..., BrowserContext], scripts: bool
) -> None:
    page = visitor(Device(640, "light", scripts=scripts)).new_page()
    page.goto(spoken(addresses["form"], "en"))
    before = len(responses())
    _fill_in(page)
    page.wait_for_load_state()
    assert "/f/" in page.url, page.locator(".errors").inner_text()
    db.session.rollback()
    (sent,) = responses()[before:]
    assert _unanswered(sent) == {"hidden"}


def _fill_in(page: Page) -> None:
    """From field to field, each as its kind is answered, until the button that sends."""
    for _n in range(PRESSED):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS), (
            f"where one is, can be seen: {page.evaluate('document.activeElement.outerHTML')}"
        )
        kind, chosen = page.evaluate(
            "[document.activeElement.type ?? '', document.activeElement.value ?? '']"
        )
        if kind == "submit" and chosen != "language":
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        if kind in HOW:
            HOW[kind](page)
    raise AssertionError("the button that sends is not reached by Tab")


def _choose(page: Page) -> None:
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")


def _date(page: Page) -> None:
    """Tab goes from part to part of it, in the order of the country: it is typed in one go, and reads the same in each."""
    if not page.evaluate("document.activeElement.value"):
        page.keyboard.type("11112026")


def _rank(page: Page) -> None:
    """The first choice in the first place, the second in the second."""
    place = page.evaluate("Number(/\\d+$/.exec(document.activeElement.name)?.[0] ?? 0)")
    for _n in range(place + 1):
        page.keyboard.press("ArrowDown")


HOW: dict[str, Callable[[Page], None]] = {
    "radio": _choose,
    "checkbox": lambda page: page.keyboard.press("Space"),
    "text": lambda page: page.keyboard.type("17"),
    "textarea": lambda page: page.keyboard.type("Torn."),
    "email": lambda page: page.keyboard.type("nora@example.org"),
    "tel": lambda page: page.keyboard.type("0431234567"),
    "date": _date,
    "select-one": _rank,
}
FOCUS = """() => {
    const at = document.activeElement, faces = [at, at.nextElementSibling, at.closest("label")].filter(Boolean);
    return faces.some(e => getComputedStyle(e).outlineStyle !== "none" || getComputedStyle(e).boxShadow !== "none");
}"""


def _unanswered(sent: Response) -> set[str]:
    keys = {public_pages.KEYS.get(kind, kind) for kind in KINDS}
    return keys - set(values(sent)) - {"contact"}
