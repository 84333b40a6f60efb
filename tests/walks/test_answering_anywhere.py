"""The pages on which people answer: no finding of axe of any weight, in every look, from right to left, by keyboard, on paper."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from playwright.sync_api import BrowserContext, Page, expect

from core import clock, links
from core.application import locale_dir
from core.db import db, writing
from surveys.builder.building import Draft, close_survey, create_survey, open_survey
from surveys.kiosk import kiosks
from surveys.models import Survey
from surveys.models_responses import Response
from surveys.partial import unfinished
from surveys.partial.models import Unfinished
from tests.cast import Cast
from tests.loop import answered
from tests.surveys.answers import ALL_KINDS, responses
from tests.walks.conftest import NARROW_DARK, PHONE, WIDE_LIGHT, Device

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
EVERY = """async () => (await axe.run(document)).violations
    .map(v => v.impact + " " + v.id + ": " + v.nodes.map(n => n.target.join(" ")).slice(0, 3).join(" | "))"""
ARABIC = {
    "title": "طلبك الأخير", "csat": "ما مدى رضاك بشكل عام؟", "comment": "ماذا حدث، بكلماتك؟", "contact": "كيف تريد أن نرد عليك؟",
}  # fmt: skip


@pytest.fixture
def pages(people: Cast) -> dict[str, str]:
    """name → address of every page on which somebody answers, or changes what they said."""
    now = clock.now()
    with writing():
        whole, steps, closed = (_survey(people, slug) for slug in ("alles", "stap", "dicht"))
        steps.one_by_one = True
        response, late = answered(whole, now), answered(closed, now)
        close_survey(closed, now)
        begun = unfinished.begin(steps, "a page", "en", [("csat", "4")], now)
        kept = unfinished.begin(whole, "another", "en", [("csat", "4"), ("comment", "Half")], now)
        return {
            "form": "/s/alles", "first step": "/s/stap", "closed": "/s/dicht", "own": _own(response), "tablet": kiosks.path(kiosks.make(whole, "The counter", now)), "change": _own(response, "/answer"),
            "too late": _own(late, "/answer"), "step": _resumed(begun, "?at=3"), "last step": _resumed(begun, "?at=9"), "kept": _resumed(kept, "?kept=1"),
        }  # fmt: skip


def _survey(people: Cast, slug: str) -> Survey:
    made = create_survey(
        people.webshop.id, slug, {"nl": "Uw bestelling", "en": "Your order"}, "en", people.alice.id, ALL_KINDS,
        clock.now() - timedelta(days=1),
    )  # fmt: skip
    open_survey(made, clock.now() - timedelta(days=1))
    return made


def _own(response: Response, more: str = "") -> str:
    return links.path("status", response.id, response.link_version) + more


def _resumed(row: Unfinished, more: str) -> str:
    return links.path("unfinished", row.id, row.link_version) + more


def findings(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(EVERY)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{page.url} {one}" for one in [*found, *(["scrolls sideways"] if wide else [])]]


@pytest.mark.parametrize("device", [WIDE_LIGHT, NARROW_DARK], ids=["wide", "narrow"])
def test_no_page_has_a_finding_in_either_language(
    pages: dict[str, str], visitor: Callable[..., BrowserContext], device: Device
) -> None:
    page = visitor(device).new_page()
    found = []
    for address in pages.values():
        for language in ("nl", "en"):
            answer = page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
            assert answer
            assert answer.status in {200, 410}, address
            found += findings(page)
    assert not found


def test_a_language_from_right_to_left_turns_the_page(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("ar"):
        assert locale_dir() == "rtl"


@pytest.fixture
def arabic(people: Cast) -> str:
    """Its words are Arabic; ours around them are not translated yet."""
    with writing():
        made = create_survey(
            people.webshop.id, "talab", {"en": ARABIC["title"]}, "en", people.alice.id,
            [
                Draft(key, kind, {"en": ARABIC[key]})
                for key, kind in (("csat", "csat"), ("comment", "long_text"), ("contact", "contact"))
            ],
            clock.now(),
        )  # fmt: skip
        open_survey(made, clock.now())
    return "/s/talab"


@pytest.mark.parametrize("device", [WIDE_LIGHT, NARROW_DARK], ids=["wide", "narrow"])
def test_an_arabic_survey_stands_from_right_to_left(
    arabic: str, visitor: Callable[..., BrowserContext], device: Device
) -> None:
    page = visitor(device).new_page()
    page.goto(arabic)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert not findings(page)
    middle = device.width / 2
    legend, mark = page.get_by_text(ARABIC["csat"]), page.locator("input[name=csat]").first
    for one in (legend, mark):
        box = one.bounding_box()
        assert box
        if device is NARROW_DARK:
            assert box["x"] + box["width"] > middle, "it begins at the right"
    assert page.locator("textarea").evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_in_a_page_from_left_to_right_an_arabic_question_still_begins_at_the_right(
    arabic: str, visitor: Callable[..., BrowserContext]
) -> None:
    page = visitor(NARROW_DARK).new_page()
    page.goto(arabic)
    legend = page.locator("legend", has_text=ARABIC["csat"])
    right = """e => {
        const words = document.createRange();
        words.selectNodeContents(e.firstChild);
        return words.getBoundingClientRect().right;
    }"""
    assert legend.evaluate(right) == pytest.approx(NARROW_DARK.width - 16, abs=4)


def test_a_word_wider_than_a_telephone_is_broken(
    people: Cast, visitor: Callable[..., BrowserContext]
) -> None:
    long = "Arbeidsongeschiktheidsverzekeringsmaatschappijvoorwaarden"
    choices = {"choices": [{"key": "1", "words": {"en": long}}, {"key": "2", "words": {"en": "Else"}}]}
    kinds = ("csat", "ces", "short_text", "contact", "single_choice")
    questions = [Draft(k, k, {"en": long}, options=choices if k == "single_choice" else {}) for k in kinds]
    with writing():
        made = create_survey(
            people.webshop.id, "lang", {"en": long}, "en", people.alice.id, questions, clock.now()
        )
        open_survey(made, clock.now())
    page = visitor(NARROW_DARK).new_page()
    page.goto("/s/lang")
    assert not findings(page)
    steps = page.locator("fieldset:has([name=ces]) .tile").all()
    tops = {one.evaluate("e => e.getBoundingClientRect().top") for one in steps}
    assert (len(steps), len(tops)) == (7, 1), "seven steps stand in one row"


def test_a_whole_answer_in_steps_by_keyboard_alone(
    pages: dict[str, str], visitor: Callable[..., BrowserContext]
) -> None:
    """The arrow keys choose on a scale, and Enter goes on."""
    page = visitor(Device(320, "light")).new_page()
    page.goto(pages["first step"] + "?lang=en")
    before = len(responses())
    _tab_to(page, "input[name=csat]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    _press(page, "Next")
    expect(page.get_by_text("Question 2 of 8")).to_be_visible()
    for _n in range(2, 8):
        _press(page, "Next")
    _tab_to(page, "input[name=contact-wants]")
    page.keyboard.press("ArrowDown")
    _press(page, "Send my answer")
    page.wait_for_url("**/f/**")
    db.session.rollback()
    assert [r.score for r in responses()][before:] == [2]


def _tab_to(page: Page, selector: str) -> None:
    for _n in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def _press(page: Page, words: str) -> None:
    for _n in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("w => document.activeElement.textContent.trim() === w", words):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"{words} is not reached by Tab")


def test_on_paper_there_is_nothing_to_press(
    pages: dict[str, str], visitor: Callable[..., BrowserContext]
) -> None:
    page = visitor(WIDE_LIGHT).new_page()
    for name in ("form", "own", "step"):
        page.goto(pages[name])
        page.emulate_media(media="print")
        assert page.locator("button:visible").count() == 0, name
        expect(page.locator("h1")).to_be_visible()
    page.goto(pages["own"])
    for gone in ("#hearing", "a[download]", "#verdict", "input"):
        assert page.locator(f"{gone}:visible").count() == 0, gone


def test_enter_sends_the_form_and_chooses_no_language(
    pages: dict[str, str], visitor: Callable[..., BrowserContext]
) -> None:
    page = visitor(PHONE).new_page()
    page.goto(pages["form"])
    page.get_by_label("Your mail address").fill("rita@")
    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_label("Uw e-mailadres")).to_have_value("rita@")
    page.get_by_label("Uw e-mailadres").press("Enter")
    expect(page.locator("#contact-email-error")).to_be_visible()
