"""The whole loop, as the four people walk it: through a browser, real SMTP, and a PDF."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from core.clock import local_date, now
from promises.ledger import Scope, ledger
from tests.cast import Cast
from tests.sink import Mail, Sink
from tests.walks.conftest import PHONE, tick

WORDS = "The box was torn and the bell is missing."
PUBLIC = "Since Monday Bob Bakker packs every bell in a box of its own."


def text_of(mail: Mail) -> str:
    part = mail.parsed.get_body(("plain",))
    assert part
    return str(part.get_content())


def own_page(mail: Mail) -> str:
    found = re.search(r"http://\S+/f/[\w.]+", text_of(mail))
    assert found, text_of(mail)
    return found[0]


@pytest.mark.settings(hold_minutes=15)
def test_from_an_empty_organisation_to_the_verdict_and_the_report(
    people: Cast, alice: Page, visitor: Callable[..., BrowserContext], smtp_server: Sink
) -> None:
    make_and_open_a_survey(alice)
    answer_on_a_phone(visitor(PHONE).new_page())
    tick()
    receipt = smtp_server.mails[0]
    assert "Alice Adams" in text_of(receipt), "who"
    assert WORDS not in text_of(receipt), "nothing is quoted to an address nobody proved"
    say_what_was_done(alice)
    tick()
    update = smtp_server.mails[1]
    assert WORDS in text_of(update)
    assert PUBLIC in text_of(update)
    say_not_solved(visitor(PHONE).new_page(), own_page(update))
    see_it_come_back(alice)
    ask_for_the_report(alice, local_date(now(), people.webshop.timezone))
    assert ledger(Scope(people.webshop.id)).adds_up


def make_and_open_a_survey(page: Page) -> None:
    page.goto("/surveys/new")
    page.get_by_label("Title in English").fill("Your order")
    page.get_by_label("English", exact=True).check()
    page.get_by_label("Address").fill("your-order")
    page.get_by_label("Who signs").select_option(label="Alice Adams")
    page.get_by_role("button", name="Make this survey").last.click()
    page.get_by_role("button", name=re.compile("^Open")).click()
    expect(page.get_by_text("/s/your-order").first).to_be_visible()


def answer_on_a_phone(page: Page) -> None:
    page.goto("/s/your-order?lang=en")
    page.locator("label.tile", has_text="2").click()
    page.locator("textarea").fill(WORDS)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert page.locator("textarea").input_value() == WORDS, "nothing typed is lost"
    page.locator("[name=contact-email]").fill("rita@example.org")
    page.get_by_role("button", name="Send my answer").click()
    assert "/f/" in page.url
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.get_by_text("Alice Adams").first).to_be_visible()


def say_what_was_done(page: Page) -> None:
    page.goto("/inbox")
    page.get_by_role("link", name=re.compile("bell is missing")).click()
    page.locator("input[name=kind][value=done]").check()
    page.get_by_label("In a few words, for colleagues").fill("Bells in a box of their own")
    page.locator("textarea[name=note_en]").fill(PUBLIC)
    page.get_by_role("button", name="See what they will read").click()
    expect(page.get_by_text(PUBLIC)).to_be_visible()
    page.get_by_role("button", name=re.compile("Say this about 1 comment")).click()
    expect(page.get_by_role("timer")).to_be_visible()
    page.get_by_role("button", name="Send now").click()


def say_not_solved(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text(PUBLIC)).to_be_visible()
    page.locator("input[name=solved][value=no]").check()
    page.get_by_role("button").last.click()
    assert "/f/" in page.url


def see_it_come_back(page: Page) -> None:
    page.goto("/inbox?state=open")
    expect(page.get_by_role("link", name=re.compile("bell is missing"))).to_be_visible()
    page.goto("/ledger")
    expect(page.get_by_text("promised").first).to_be_visible()


def ask_for_the_report(page: Page, today: date) -> None:
    page.goto("/reports")
    page.locator("[name=first]").fill(today.replace(day=1).isoformat())
    page.locator("[name=last]").fill(today.isoformat())
    page.get_by_role("button", name="Make the report").click()
    tick()
    page.reload()
    link = page.get_by_role("link", name=re.compile("Read the report")).get_attribute("href")
    assert link
    pdf = page.request.get(link).body()
    assert WORDS in " ".join(p.extract_text() for p in PdfReader(BytesIO(pdf)).pages).replace("\n", " ")
