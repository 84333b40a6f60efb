"""A tablet on a counter: whoever walks away leaves nothing behind, with scripts and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core import clock
from core.db import db, writing
from surveys.kiosk import kiosks
from surveys.models import Survey
from tests.cast import Cast
from tests.loop import opened_survey
from tests.surveys.answers import responses
from tests.walks.conftest import PHONE, WIDE_LIGHT, Device

MINE = "Only for you."
STILL = "Are you still there?"


@pytest.fixture
def tablet(people: Cast) -> str:
    with writing():
        return kiosks.path(kiosks.make(opened_survey(people, clock.now()), "The counter", clock.now()))


@pytest.fixture
def page(tablet: str, visitor: Callable[..., BrowserContext]) -> Page:
    """With the time in its hand, so that no test waits."""
    opened = visitor(WIDE_LIGHT).new_page()
    opened.clock.install()
    opened.goto(f"{tablet}?lang=en")
    return opened


def typed(page: Page) -> None:
    page.get_by_label("4", exact=False).first.check(force=True)
    page.get_by_label("Why?").fill(MINE)


def test_who_walks_away_is_asked_and_then_all_is_wiped(page: Page, tablet: str) -> None:
    typed(page)
    page.clock.run_for(59_000)
    expect(page.get_by_text(STILL)).to_be_hidden()
    page.clock.run_for(2_000)
    expect(page.get_by_text(STILL)).to_be_visible()
    with page.expect_navigation():
        page.clock.run_for(31_000)
    assert page.url.endswith(tablet), "in the language of the tablet again"
    expect(page.locator("textarea")).to_have_value("")
    page.go_back()
    assert MINE not in page.locator("body").inner_text() + "".join(
        page.locator("textarea").evaluate_all("all => all.map(one => one.value)")
    )


def test_a_touch_is_an_answer_to_whether_somebody_is_there(page: Page) -> None:
    typed(page)
    page.clock.run_for(61_000)
    expect(page.get_by_text(STILL)).to_be_visible()
    page.locator("h1").click()
    expect(page.get_by_text(STILL)).to_be_hidden()
    page.clock.run_for(59_000)
    expect(page.locator("textarea")).to_have_value(MINE)


def test_where_nobody_was_nobody_is_asked_and_the_page_is_fetched_anew(page: Page, people: Cast) -> None:
    with writing():
        db.session.query(Survey).one().title = {"en": "Another title"}
    with page.expect_navigation():
        page.clock.run_for(61_000)
    expect(page.get_by_role("heading", name="Another title")).to_be_visible()
    expect(page.get_by_text(STILL)).to_be_hidden()


def test_without_a_connection_nothing_is_shown_until_there_is_one(page: Page, tablet: str) -> None:
    typed(page)
    page.context.set_offline(True)
    page.clock.run_for(92_000)
    expect(page.locator("main")).to_be_hidden()
    page.context.set_offline(False)
    with page.expect_navigation():
        page.clock.run_for(11_000)
    expect(page.locator("textarea")).to_have_value("")


def test_after_thanks_it_is_at_the_beginning_by_itself(page: Page, tablet: str) -> None:
    typed(page)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("heading", name="Your answer arrived")).to_be_visible()
    expect(page.get_by_alt_text("QR code of your own page")).to_be_visible()
    with page.expect_navigation():
        page.clock.run_for(51_000)
    assert page.url.endswith(tablet)
    db.session.rollback()
    (response,) = responses()
    assert (response.source, response.customer_id) == ("kiosk", None)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize("device", [PHONE, Device(1024, "dark", scripts=False)], ids=["phone", "tablet"])
def test_without_scripts_a_link_or_a_while_leads_to_the_beginning(
    tablet: str, visitor: Callable[..., BrowserContext], device: Device
) -> None:
    page = visitor(device).new_page()
    page.goto(f"{tablet}?lang=en")
    refreshes = "e => e.content.split(';')[0]"
    assert page.locator("meta[http-equiv=refresh]").evaluate(refreshes) == "600"
    typed(page)
    page.get_by_role("link", name="Begin again, with nothing filled in").click()
    expect(page.locator("textarea")).to_have_value("")
    page.goto(f"{tablet}?lang=en")
    typed(page)
    page.get_by_role("button", name="Send my answer").click()
    assert page.locator("meta[http-equiv=refresh]").evaluate(refreshes) == "30"
    page.get_by_role("link", name="Ready").click()
    assert page.url.endswith(tablet)
