"""A survey in a page of another site, in a real browser: it grows, it is answered, the page around it hears so, others see nothing."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from core import clock
from core.db import db, writing
from surveys.models import Survey
from surveys.models_responses import Response
from surveys.settings.embedding import choose_origins
from tests.cast import Cast
from tests.loop import opened_survey

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title><h1>A shop</h1>
<div data-terugkoppel="bestelling" data-language="en" data-said="csat=4"></div><script src="{home}/embed.js" async></script>
<p id="heard">nothing yet</p>
<script>addEventListener("terugkoppel:answered", (event) => {{ heard.textContent = `answered: ${{event.detail.survey}}`; }});</script></html>"""


@pytest.fixture
def survey(people: Cast) -> Survey:
    with writing():
        return opened_survey(people, clock.now() - timedelta(days=1))


@pytest.fixture
def shop(site: str) -> Iterator[str]:
    """Another site, at another origin."""
    page = PAGE.format(home=site).encode()

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_said: object) -> None:
            """A test says what it has to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(visitor: Callable[..., BrowserContext]) -> Page:
    return visitor().new_page()


def allow(survey: Survey, site: str) -> None:
    with writing():
        choose_origins(survey, site, clock.now())


def test_it_is_answered_in_the_page_of_a_shop_which_hears_so(visit: Page, shop: str, survey: Survey) -> None:
    allow(survey, shop)
    visit.goto(shop)
    frame = visit.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Your order")).to_be_visible()
    expect(frame.get_by_label("4", exact=False).first).to_be_checked()
    expect(visit.locator("iframe")).to_have_js_property("scrolling", "")
    tall = visit.locator("iframe").bounding_box()
    assert tall is not None
    assert tall["height"] > 700, "as tall as its content"
    frame.get_by_label("Why?").fill("It came late.")
    frame.locator("[name=contact-wants][value=page]").check()
    frame.get_by_role("button", name="Send my answer").click()
    expect(frame.get_by_role("heading", name="Your answer arrived")).to_be_visible()
    expect(visit.locator("#heard")).to_have_text("answered: bestelling")
    with visit.expect_popup() as opened:
        frame.get_by_role("link", name="Your own page").click()
    expect(opened.value.get_by_text("It came late.")).to_be_visible()
    db.session.rollback()
    assert db.session.scalar(select(func.count(Response.id))) == 1
    assert visit.context.cookies() == []


def test_a_site_that_was_not_named_sees_nothing_and_can_say_nothing(
    visit: Page, shop: str, survey: Survey
) -> None:
    allow(survey, "https://www.example.org")
    visit.goto(shop)
    visit.wait_for_selector("iframe")
    visit.wait_for_timeout(800)
    assert visit.frames[-1].url.startswith("chrome-error:"), "the browser refuses"
    forged = "() => window.postMessage({ from: 'terugkoppel', answered: true, height: 9 }, '*')"
    visit.evaluate(forged)
    visit.wait_for_timeout(200)
    expect(visit.locator("#heard")).to_have_text("nothing yet")
