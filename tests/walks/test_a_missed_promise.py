"""A promise is missed, as everybody sees it: the warning, the move, the message, the second move refused, the
manager's step, the day that passes, and the figures that admit it."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from accounts import links
from accounts.models import Staff
from core import clock
from core.db import writing
from tests.cast import Cast
from tests.loop import answered, decided, opened_survey, settled
from tests.sink import Sink
from tests.walks.conftest import tick
from tests.walks.test_the_loop import own_page, text_of

FIRST, SECOND, NEXT = date(2026, 11, 30), date(2026, 12, 4), date(2026, 12, 11)


@pytest.fixture
def journey(now: datetime) -> Iterator[time_machine.Traveller]:
    """It is a Monday morning, until somebody moves the clock."""
    with time_machine.travel(now, tick=True) as traveller:
        yield traveller


def at_their_desk(visitor: Callable[..., BrowserContext], staff: Staff) -> Page:
    """Signed in a moment ago: a session does not last for days."""
    page, token = visitor().new_page(), links.draw()
    with writing():
        links.issue(staff.id, token, clock.now())
    page.goto(f"/sign-in/{token}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    return page


@pytest.mark.settings(hold_minutes=0)
def test_a_promise_is_missed_and_nobody_hides_it(
    people: Cast,
    visitor: Callable[..., BrowserContext],
    smtp_server: Sink,
    journey: time_machine.Traveller,
    now: datetime,
) -> None:
    with writing():
        survey = opened_survey(people, now)
        plan = decided(people, now, "planned", due_on=FIRST)
        settled(answered(survey, now), plan, now)
    tick()
    assert "When: Monday 30 November 2026" in text_of(smtp_server.mails[-1]), "the outcome is promised"

    journey.move_to(now + timedelta(days=4))
    tick()
    warning = next(m for m in smtp_server.mails if "alice@webshop.example" in m.recipients)
    assert str(warning.parsed["Subject"]) == "1 promise falls due and is not settled"
    assert "Monday 30 November 2026, Bob Bakker" in text_of(warning)

    bob = at_their_desk(visitor, people.bob)
    bob.goto("/inbox")
    bob.get_by_role("link", name="Stronger boxes").click()
    left_open = bob.context.new_page()
    left_open.goto(bob.url)
    move(bob, SECOND, "The supplier is late.")
    tick()
    notice = smtp_server.mails[-1]
    assert "The reason: The supplier is late." in text_of(notice)
    assert "Planned for 4 December 2026" in text_of(notice)

    expect(bob.get_by_text("Moving it again is for a manager").first).to_be_visible()
    expect(bob.get_by_role("button", name="Move it and tell them")).to_have_count(0)
    before = len(smtp_server.mails)
    move(left_open, NEXT, "It will be later still.")
    expect(
        left_open.get_by_text("This promise was moved before. Moving it again is for a manager.").first
    ).to_be_visible()
    tick()
    assert len(smtp_server.mails) == before, "what is refused is told to nobody"

    alice = at_their_desk(visitor, people.alice)
    alice.goto(f"/actions/{plan.id}")
    expect(alice.get_by_text("Now it becomes “no date yet”").first).to_be_visible()
    move(alice, NEXT, "The supplier cannot say when.")
    tick()
    dateless = smtp_server.mails[-1]
    assert (
        str(dateless.parsed["Subject"]) == "No date yet; you hear from Bob Bakker by Friday 11 December 2026"
    )
    assert "The reason: The supplier cannot say when." in text_of(dateless)

    journey.move_to(now + timedelta(days=18, hours=5))
    tick()
    last = smtp_server.mails[-1]
    assert "There is no news yet." in text_of(last)

    rita = visitor().new_page()
    rita.goto(own_page(last))
    expect(rita.get_by_text("The supplier cannot say when.").first).to_be_visible()

    alice = at_their_desk(visitor, people.alice)
    alice.goto("/ledger")
    expect(alice.get_by_text("It adds up: nobody was left out.").first).to_be_visible()
    expect(alice.get_by_role("main")).to_contain_text("promised")
    alice.goto("/reports")
    alice.locator("[name=first]").fill("2026-11-01")
    alice.locator("[name=last]").fill("2026-12-11")
    alice.get_by_role("button", name="Make the report").click()
    tick()
    alice.reload()
    link = alice.get_by_role("link", name=re.compile("Read the report")).get_attribute("href")
    assert link
    figures = " ".join(
        p.extract_text() for p in PdfReader(BytesIO(alice.request.get(link).body())).pages
    ).replace("\n", " ")
    assert "Stronger boxes" in figures, "the date that was not met, by name"
    assert re.search(r"Late, with a warning beforehand\s+1\b", figures), figures[:1500]


def move(page: Page, to: date, why: str) -> None:
    page.locator("[name=due_on]").fill(to.isoformat())
    page.locator("[name=reason_en]").fill(why)
    page.get_by_role("button", name="Move it and tell them").click()
    page.wait_for_load_state()
