"""Not solved, told again, not solved again: on a phone without scripts, up to the manager's desk."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from core import clock, links
from core.db import db, writing
from outbox.models import Message
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, decided, opened_survey, settled
from tests.sink import Sink
from tests.walks.conftest import PHONE, tick

PHONE_NUMBER = "06 12 34 56 78"


def test_a_second_no_lies_on_top_of_a_managers_inbox(
    people: Cast, alice: Page, visitor: Callable[..., BrowserContext], smtp_server: Sink
) -> None:
    response = asked(people)
    tell(people, response, "done")
    page, address = visitor(PHONE).new_page(), links.path("status", response.id)
    say_no(page, address, words="Still torn.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Alice Adams looks at it again")
    tell(people, response, "wont_do")
    page.goto(address)
    page.get_by_label("If not: may we call you?").fill("no")
    say_no(page, "", words="This is the second time.")
    expect(page.get_by_text("This is not a phone number.").first).to_be_visible()
    assert page.locator("textarea").input_value() == "This is the second time.", "nothing typed is lost"
    page.get_by_label("If not: may we call you?").fill(PHONE_NUMBER)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("a call about what is not solved")).to_be_visible()
    see_it_on_top(alice)
    tick()
    assert "a call about what is not solved" in smtp_server.mails[-1].parsed.as_string()
    assert PHONE_NUMBER not in smtp_server.mails[-1].parsed.as_string()


def asked(people: Cast) -> Response:
    with writing():
        response = answered(opened_survey(people, clock.now()), clock.now())
    tick()
    return response


def tell(people: Cast, response: Response, kind: str) -> None:
    """By the next day: one update a person a day."""
    with writing():
        for message in db.session.scalars(select(Message)):
            message.created_at -= timedelta(days=1)
        settled(response, decided(people, clock.now(), kind), clock.now())
    tick()


def say_no(page: Page, address: str, words: str) -> None:
    if address:
        page.goto(address)
    page.locator("input[name=solved][value=no]").check()
    page.get_by_label("How do you feel about it now?").select_option("angry")
    page.locator("textarea").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def see_it_on_top(page: Page) -> None:
    page.goto("/inbox")
    first = page.locator("ul.items li").first
    expect(first).to_contain_text("not solved again: for a manager")
    first.get_by_role("link").click()
    expect(page.get_by_text(PHONE_NUMBER).first).to_be_visible()
    expect(page.get_by_text("This is the second time.").first).to_be_visible()
    expect(page.get_by_text("Still torn.").first).to_be_visible()
