"""Every page of the loop, wide and light, narrow and dark: no serious finding of axe, no sideways scrolling, nothing blocked."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from core import clock, links
from core.db import writing
from surveys.invitations.first_question import first_question
from surveys.invitations.inviting import draw_up
from surveys.invitations.listed import Person, Problem
from surveys.models_responses import Response
from tests.cast import Cast
from tests.inviting import invited
from tests.loop import answered, decided, opened_survey, settled
from tests.walks.conftest import NARROW_DARK, WIDE_LIGHT, Device, sign_in, tick

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
SERIOUS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .filter(v => ["serious", "critical"].includes(v.impact))
    .map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ") + " " + n.failureSummary).slice(0, 3).join(" | "))"""
STAFF = (
    "/inbox", "/inbox/sorting", "/comments/1", "/comments/2", "/actions", "/actions/1", "/actions/new", "/actions/new?corrects=1", "/promises", "/promises/1", "/large-steps", "/ledger", "/responses/1",
    "/customers", "/surveys", "/surveys/new", "/surveys/1", "/surveys/1/rounds", "/surveys/1/invitations", "/surveys/1/invitations/new", "/surveys/1/poster", "/invitation-lists/3", "/rounds/1", "/reports", "/mailbox", "/mailbox/1",
    "/settings", "/settings/people", "/settings/keys", "/settings/organisation", "/settings/sessions",
)  # fmt: skip
DEVICES = pytest.mark.parametrize("device", [WIDE_LIGHT, NARROW_DARK], ids=["wide-light", "narrow-dark"])


@pytest.fixture
def told(people: Cast) -> Response:
    """One answer that was told, one that waits, one with a long unbroken word, and a bare score."""
    now = clock.now()
    with writing():
        people.alice.memberships[0].role = "admin"
        survey = opened_survey(people, now)
        response = answered(survey, now)
        answered(survey, now, "W" * 400, email="long@example.org")
        answered(survey, now, comment="", email="score@example.org")
        invited(survey, now)
        invited(survey, now - timedelta(days=29), "late@example.org")
        draw_up(
            survey,
            [Person(1, "new@example.org", "Nora")],
            [Problem(2, "W" * 120, "Why not.")],
            timedelta(),
            now,
            question=first_question(survey),
        )
        settled(response, decided(people, now, "planned", due_on=(now + timedelta(days=30)).date()), now)
    tick()
    return response


def findings(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(SERIOUS)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{page.url} {finding}" for finding in [*found, *(["scrolls sideways"] if wide else [])]]


def watched(page: Page) -> list[str]:
    """What the page complains about while it is looked at: a blocked script or style is one."""
    complaints: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{page.url} {message.text}")

    page.on("console", complain)
    return complaints


@DEVICES
def test_pages_of_staff(
    people: Cast, told: Response, visitor: Callable[..., BrowserContext], device: Device
) -> None:
    page = visitor(device).new_page()
    complaints = watched(page)
    sign_in(page, people)
    found = []
    for path in STAFF:
        answer = page.goto(path)
        assert answer
        assert answer.status == 200, path
        found += findings(page)
    assert not found + complaints


@DEVICES
def test_pages_of_strangers(told: Response, visitor: Callable[..., BrowserContext], device: Device) -> None:
    page = visitor(device).new_page()
    complaints = watched(page)
    own = links.path("status", told.id, told.link_version)
    stop = links.path("unsubscribe", told.identity_id or 0)
    asked = links.path("invitation", 1)
    found = []
    for path in (
        asked,
        f"{asked}?csat=2&lang=nl",
        "/",
        "/s/bestelling?lang=en",
        "/s/bestelling?lang=nl",
        "/s/bestelling/you-said",
        own,
        stop,
    ):
        answer = page.goto(path)
        assert answer
        assert answer.status == 200, path
        found += findings(page)
    assert not found + complaints


@DEVICES
def test_a_page_with_errors_and_a_page_that_is_not_there(
    told: Response, visitor: Callable[..., BrowserContext], device: Device
) -> None:
    page = visitor(device).new_page()
    page.goto("/s/bestelling?lang=en")
    page.get_by_role("button", name="Send my answer").click()
    found = findings(page)
    assert page.locator("[aria-invalid=true]").count(), "the fields say what is wrong with them"
    page.goto("/s/nowhere")
    assert not found + findings(page)
