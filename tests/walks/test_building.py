"""A manager builds surveys in a real browser: by keyboard and by dragging, with a frame beside it, long ones too; customers answer them."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect
from sqlalchemy import select

from core import clock
from core.db import db, writing
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import opened_survey
from tests.walks.conftest import NARROW_DARK, PHONE

LONG = 60


@pytest.fixture
def survey(people: Cast) -> Survey:
    with writing():
        return opened_survey(people, clock.now() - timedelta(days=1))


def kinds(page: Page) -> list[str]:
    found: list[str] = page.locator(".question-row > input[name$=-kind]").evaluate_all(
        "all => all.map(one => one.value)"
    )
    return found


def the_frame(page: Page) -> Page:
    return page.frame_locator("iframe[name=preview]")  # type: ignore[return-value]


def test_enter_keeps_the_survey_and_removes_nothing(alice: Page) -> None:
    alice.goto("/surveys/new")
    alice.get_by_label("Title in Dutch").fill("Uw reparatie")
    alice.get_by_label("Title in English").fill("Your repair")
    alice.locator("[name=questions-0-prompt_en]").press("Enter")
    expect(alice.get_by_text("The survey is made.")).to_be_visible()
    assert len(only().versions[0].questions) == 3


def test_what_is_not_kept_yet_is_not_left_by_accident(alice: Page) -> None:
    alice.goto("/surveys/new")
    alice.get_by_label("Title in English").fill("Your repair")
    alice.get_by_role("button", name="Move question 2 up").press("Enter")
    alice.wait_for_url("**#questions-1")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    alice.on("dialog", stay)
    alice.get_by_role("link", name="Inbox").first.click()
    expect(alice.get_by_label("Title in English")).to_have_value("Your repair")
    assert asked == ["beforeunload"]
    alice.get_by_label("Title in Dutch").fill("Uw reparatie")
    alice.get_by_role("button", name="Make this survey").click()
    expect(alice.get_by_text("The survey is made.")).to_be_visible()
    assert asked == ["beforeunload"], "keeping it asks nothing"


def test_the_frame_beside_it_follows_what_is_typed(alice: Page) -> None:
    alice.goto("/surveys/new")
    alice.get_by_label("Title in Dutch").fill("Uw reparatie")
    expect(the_frame(alice).get_by_role("heading", level=1)).to_have_text("Uw reparatie")
    alice.locator("[data-look]").get_by_role("button", name="English").click()
    alice.get_by_label("Title in English").fill("Your repair")
    expect(the_frame(alice).get_by_role("heading", level=1)).to_have_text("Your repair")
    expect(the_frame(alice).get_by_role("button", name="Send my answer")).to_be_disabled()
    assert alice.url.endswith("/surveys/new")


def test_in_the_frame_a_question_comes_after_some_answers_alone(alice: Page) -> None:
    alice.goto("/surveys/new?from=csat")
    alice.locator("[data-look]").get_by_role("button", name="English").click()
    asked = the_frame(alice).get_by_label("What is still needed?")
    expect(asked).to_be_hidden()
    the_frame(alice).get_by_text("No", exact=True).click()
    expect(asked).to_be_visible()


def test_without_a_script_a_button_fills_the_frame(
    people: Cast, alice: Page, visitor: Callable[..., BrowserContext]
) -> None:
    plain = visitor(PHONE)
    plain.add_cookies(alice.context.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto("/surveys/new")
    page.get_by_label("Title in English").fill("Your repair")
    page.locator("[data-look]").get_by_role("button", name="English").click()
    expect(the_frame(page).get_by_role("heading", level=1)).to_have_text("Your repair")
    page.get_by_role("button", name="Move question 2 up").click()
    page.wait_for_url("**#questions-1")
    assert kinds(page) == ["long_text", "csat", "contact"]


def test_questions_are_moved_by_keyboard_and_by_dragging(alice: Page, survey: Survey) -> None:
    alice.goto(f"/surveys/{survey.id}/edit")
    alice.get_by_role("button", name="Move question 3 up").press("Enter")
    alice.wait_for_url("**#questions-2")
    expect(alice.locator(".question-row").nth(1)).to_contain_text("who they are")
    assert kinds(alice) == ["csat", "contact", "long_text"]
    dragged(alice, 2, 0)
    alice.wait_for_function("document.querySelector('.question-row > input').value === 'long_text'")
    assert kinds(alice) == ["long_text", "csat", "contact"]
    alice.get_by_role("button", name="Keep and publish").click()
    expect(alice.get_by_text("It holds for whoever opens the survey from now on")).to_be_visible()
    assert [q.key for q in only().versions[-1].questions] == ["comment", "csat", "contact"]


def dragged(page: Page, here: int, there: int) -> None:
    """By its grip, as a hand does."""
    grip, place = page.locator(".grip").nth(here), page.locator(".question-row").nth(there)
    place.scroll_into_view_if_needed()
    page.evaluate("document.body.style.zoom = 0.4")
    a, b = grip.bounding_box(), place.bounding_box()
    assert a is not None
    assert b is not None
    page.mouse.move(a["x"] + a["width"] / 2, a["y"] + a["height"] / 2)
    page.mouse.down()
    page.mouse.move(a["x"] + 12, a["y"] - 12, steps=4)
    page.mouse.move(b["x"] + 30, b["y"] + 20, steps=6)
    page.mouse.up()


def test_a_narrow_dark_page_scrolls_one_way_with_everything_unfolded(
    alice: Page, visitor: Callable[..., BrowserContext], survey: Survey
) -> None:
    phone = visitor(NARROW_DARK)
    phone.add_cookies(alice.context.cookies())  # type: ignore[arg-type]
    page = phone.new_page()
    for address in (
        "/surveys/new?from=expected",
        f"/surveys/{survey.id}/edit",
        f"/surveys/{survey.id}/embed",
        "/surveys/file",
    ):
        page.goto(address)
        page.locator("main details").evaluate_all("found => found.forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_a_survey_of_sixty_questions_in_four_languages_is_built_answered_and_taken_along(
    alice: Page, visitor: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    alice.goto("/surveys/file")
    alice.get_by_label("A file").set_input_files(
        {"name": "long.json", "mimeType": "application/json", "buffer": json.dumps(long()).encode()}
    )
    alice.get_by_role("button", name="Make a survey of it").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Sixty questions")
    add_arabic(alice)
    alice.get_by_role("button", name="Open the survey").click()
    expect(alice.get_by_text("The survey is open")).to_be_visible()
    customer = visitor().new_page()
    customer.goto("/s/zestig")
    customer.get_by_role("button", name="العربية").click()
    expect(customer.get_by_role("heading", level=1)).to_have_text("ستون سؤالا")
    expect(customer.locator("main")).to_have_css("direction", "rtl")
    expect(customer.get_by_text("ماذا حدث؟").first).to_have_css("direction", "rtl")
    for n in range(LONG - 1):
        customer.locator(f"[name=q{n}][value='{n % 5 + 1}']").check(force=True)
    customer.locator("[name=why]").fill("Long, but fine.")
    customer.get_by_role("button", name="Mijn reactie versturen").click()
    customer.wait_for_url("**/f/**")
    expect(customer.get_by_text("Long, but fine.")).to_be_visible()
    db.session.rollback()
    response = db.session.scalars(select(Response)).one()
    given = {answer.question.key: answer.number for answer in response.answers}
    assert given == {"why": None, **{f"q{n}": n % 5 + 1 for n in range(LONG - 1)}}
    alice.goto(f"/surveys/{only().id}")
    with alice.expect_download() as download:
        alice.get_by_role("link", name="Take it along as a file").click()
    download.value.save_as(tmp_path / "again.json")
    again = json.loads((tmp_path / "again.json").read_text())
    for was, question in zip(long()["questions"], again["questions"], strict=True):
        assert (question["key"], question["prompt"]) == (was["key"], {"ar": "ماذا حدث؟", **was["prompt"]})
    assert set(again["title"]) == set(again["questions"][0]["prompt"]) == {"nl", "en", "de", "ar"}
    assert response.language == "ar"
    table = alice.request.get(f"/surveys/{only().id}/responses.csv").text().splitlines()
    assert (len(table), ",ar," in table[1], "Long, but fine." in table[1]) == (2, True, True)


def add_arabic(alice: Page) -> None:
    """By hand: its title and the last question; the others have Arabic words from the file. Turkish comes, and goes again."""
    alice.get_by_role("link", name="Change the survey").first.click()
    expect(alice.locator(".question-row")).to_have_count(LONG)
    alice.get_by_label("Another language").select_option("tr")
    alice.get_by_role("button", name="Add this language").click()
    expect(alice.get_by_label("Title in Turkish")).to_be_visible()
    alice.get_by_role("button", name="Remove Turkish").click()
    expect(alice.get_by_label("Title in Turkish")).to_have_count(0)
    expect(alice.get_by_label("Title in Arabic")).to_have_attribute("dir", "auto")
    expect(alice.get_by_text("2 texts are not written yet")).to_be_visible()
    alice.get_by_label("Title in Arabic").fill("ستون سؤالا")
    alice.locator(f"[name=questions-{LONG - 1}-prompt_ar]").fill("ماذا حدث؟")
    alice.get_by_role("button", name="Keep this").last.click()
    expect(alice.get_by_text("Kept. It holds")).to_be_visible()


def long() -> dict[str, Any]:
    scales = [
        {
            "key": f"q{n}",
            "type": "rating",
            "prompt": {
                "nl": f"Vraag {n}?",
                "en": f"Question {n}?",
                "de": f"Frage {n}?",
                "ar": f"السؤال {n}؟",
            },
        }
        for n in range(LONG - 1)
    ]
    why = {"key": "why", "type": "long_text", "prompt": {"nl": "Waarom?", "en": "Why?", "de": "Warum?"}}
    return {"format": "terugkoppel-survey", "version": 1, "slug": "zestig", "title": {"nl": "Zestig vragen", "en": "Sixty questions", "de": "Sechzig Fragen"},
            "language": "nl", "questions": [*scales, why]}  # fmt: skip


def only() -> Survey:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Survey)).one()
