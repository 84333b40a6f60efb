"""R17, the zoo of mail scanners: whatever follows, opens, runs or posts a link without a person answers nothing."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import func, select

from core import clock
from core.db import db, writing
from followup.models import Verdict
from surveys.asking import TOKEN
from surveys.models_responses import Answer, Response
from tests.cast import Cast
from tests.loop import opened_survey
from tests.walks.conftest import PHONE

pytestmark = pytest.mark.security("scanner")
SCORES = tuple(f"/s/bestelling?csat={n}&comment=Fine&lang=en" for n in range(1, 6))
"""One link a score, as they stand in a mail: what a scanner opens all of within a second."""


@pytest.fixture(autouse=True)
def survey(people: Cast) -> None:
    with writing():
        opened_survey(people, clock.now())


def written() -> tuple[int, ...]:
    """How many answers there are, with all that comes of one."""
    db.session.rollback()
    return tuple(
        db.session.scalar(select(func.count()).select_from(t)) or 0 for t in (Response, Answer, Verdict)
    )


def knock(address: str, method: str = "GET", form: dict[str, str] | None = None) -> tuple[int, str]:
    """(status, page), as a program that follows every redirect finds it."""
    data = urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(address, data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def token_of(page: str) -> str:
    found = re.search(rf'name="{TOKEN}" value="([^"]+)"', page)
    assert found, page
    return found[1]


@pytest.mark.parametrize("method", ["HEAD", "GET", "OPTIONS"])
def test_a_link_that_is_looked_at_is_no_answer(site: str, method: str) -> None:
    assert [knock(site + path, method)[0] for path in SCORES] == [200] * len(SCORES)
    assert written() == (0, 0, 0)


def test_all_links_of_a_mail_at_once_are_no_answer(site: str) -> None:
    with ThreadPoolExecutor(10) as ten:
        found = list(ten.map(lambda path: knock(site + path)[0], SCORES * 2))
    assert set(found) == {200}
    assert written() == (0, 0, 0)


@pytest.fixture
def machine(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A scanner with a whole browser, which runs what stands on a page, and waits for it."""
    context = browser.new_context(base_url=site, user_agent="Mozilla/5.0 (compatible; SafeLinks)")
    yield context
    context.close()


def test_a_browser_that_runs_every_script_of_the_page_answers_nothing(machine: BrowserContext) -> None:
    page = machine.new_page()
    for path in SCORES:
        page.goto(path, wait_until="networkidle")
        page.evaluate("window.dispatchEvent(new Event('scroll')); document.body.focus()")
    assert page.locator("input[name=csat]:checked").count() == 1, "what the link says is chosen, and not sent"
    assert written() == (0, 0, 0)


def test_a_browser_that_follows_every_link_on_the_page_answers_nothing(machine: BrowserContext) -> None:
    page = machine.new_page()
    page.goto(SCORES[0])
    found = [a.get_attribute("href") or "" for a in page.locator("a").all()]
    for address in {link for link in found if link.startswith("/")}:
        page.goto(address, wait_until="networkidle")
    assert written() == (0, 0, 0)


@pytest.mark.parametrize(
    "token", [{}, {TOKEN: ""}, {TOKEN: "InNsdWci.aaaa.bbbb"}], ids=["none", "empty", "made up"]
)
def test_a_form_without_its_token_is_no_answer(site: str, token: dict[str, str]) -> None:
    status, _page = knock(f"{site}/s/bestelling", "POST", {"csat": "5", "contact-wants": "page", **token})
    assert status == 422
    assert written() == (0, 0, 0)


def test_a_machine_that_fills_in_every_field_is_no_answer(site: str) -> None:
    """Also what a person never sees."""
    _status, page = knock(f"{site}/s/bestelling?lang=en")
    names = re.findall(r'name="([^"]+)"', page)
    form = {**dict.fromkeys(names, "3"), "contact-wants": "page", TOKEN: token_of(page)}
    assert knock(f"{site}/s/bestelling?lang=en", "POST", form)[0] == 422
    assert written() == (0, 0, 0)


def test_a_form_that_is_sent_once_more_is_the_answer_that_was_there(site: str) -> None:
    _status, page = knock(f"{site}/s/bestelling")
    form = {"csat": "2", "contact-wants": "page", TOKEN: token_of(page)}
    pages = [knock(f"{site}/s/bestelling", "POST", {**form, "csat": said})[0] for said in ("2", "5", "5")]
    assert pages == [200, 200, 200], "each leads to the page of the first"
    assert written() == (1, 1, 0)
    assert db.session.scalars(select(Response.score)).all() == [2]


def test_a_person_who_clicks_and_sends_is_one_answer(
    visitor: Callable[..., BrowserContext], site: str
) -> None:
    page = visitor(PHONE).new_page()
    page.goto(SCORES[1])
    page.get_by_text("On a page of my own").click()
    page.get_by_role("button", name="Send my answer").click()
    page.wait_for_url("**/f/**")
    assert written() == (1, 2, 0)
    _scan_their_page(page.url)
    assert written() == (1, 2, 0), "nor is a verdict given by looking"


def _scan_their_page(address: str) -> None:
    for more in ("", "?clear=yes", "?solved=yes&clear=yes"):
        for method in ("HEAD", "GET"):
            with suppress(urllib.error.URLError):
                assert knock(address + more, method)[0] == 200
