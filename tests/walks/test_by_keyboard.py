"""The desk without a mouse: find, tick, choose, read, say, undo; and the keys are listed for who asks."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from core import clock
from core.db import db, writing
from tests.cast import Cast
from tests.loop import answered, decided, opened_survey
from tests.walks.conftest import tick
from triage.models import Action, Tag
from triage.models_index import CommentIndex

BOXES, BELLS = 60, 3


@pytest.fixture
def comments(people: Cast) -> None:
    """More of one sort than stand on a page, and a few of another."""
    now = clock.now()
    with writing():
        survey = opened_survey(people, now - timedelta(days=1))
        for n in range(BOXES):
            answered(survey, now, f"Box {n} was torn.", email=f"box{n}@example.com")
        for n in range(BELLS):
            answered(survey, now, f"The bell {n} is missing.", email=f"bell{n}@example.com")
        decided(people, now)


def open_ones() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(CommentIndex.is_open)) or 0


@pytest.mark.settings(hold_minutes=15)
@pytest.mark.usefixtures("comments")
def test_a_few_are_found_ticked_read_said_and_undone(alice: Page) -> None:
    alice.goto("/inbox")
    pressed(alice, "/", *"bell", "Enter")
    expect(alice.locator("mark").first).to_have_text("bell")
    pressed(alice, "*", "1")
    expect(alice.get_by_role("heading", level=1)).to_have_text("What they will read")
    pressed(alice, "s")
    expect(alice.get_by_text("3 comments have their action.")).to_be_visible()
    assert open_ones() == BOXES
    pressed(alice, "z")
    expect(alice.get_by_text("Undone. Nobody was told.")).to_be_visible()
    assert open_ones() == BOXES + BELLS


@pytest.mark.settings(hold_minutes=15)
@pytest.mark.usefixtures("comments")
def test_all_that_match_also_on_other_pages_in_twelve_keys(
    alice: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("followup.many.views_tags.FROM", 20)
    alice.goto("/inbox")
    pressed(alice, "/", *"box", "Enter")
    alice.wait_for_url("**q=box**")
    pressed(alice, "e", "1")
    alice.wait_for_url("**/tags/preview**")
    pressed(alice, "s")
    alice.wait_for_url("**/bulk/*")
    tick()
    expect(alice.get_by_text(f"{BOXES} of {BOXES} comments")).to_be_visible()
    assert open_ones() == BELLS
    pressed(alice, "z")
    expect(alice.get_by_text("being called back")).to_be_visible()
    tick()
    alice.reload()
    expect(alice.get_by_text("Nobody was told.")).to_be_visible()
    assert db.session.scalars(select(Tag).where(Tag.withdrawn_at.is_(None))).all() == []


@pytest.mark.usefixtures("comments")
def test_down_and_up_the_list_one_is_ticked_and_answered(alice: Page) -> None:
    alice.goto("/inbox")
    pressed(alice, "j", "j", "k", "x")
    ticked = alice.locator(".item:has(input:checked)")
    expect(ticked).to_have_count(1)
    pressed(alice, "x", "j", "1")
    expect(alice.get_by_role("button", name="Say this about 1 comment")).to_be_focused()
    pressed(alice, "b")
    alice.wait_for_url("**/inbox")


@pytest.mark.settings(hold_minutes=15)
@pytest.mark.usefixtures("comments")
def test_a_page_is_sorted_line_by_line_changed_said_and_undone(alice: Page) -> None:
    alice.goto("/inbox")
    pressed(alice, "s")
    alice.wait_for_url("**/inbox/sorting")
    for_each = alice.locator("select[data-by-key]")
    for_each.evaluate_all("all => all.forEach(one => { one.value = ''; })")
    pressed(alice, "1", "x", "1")
    expect(alice.locator(".item").nth(3).locator("a")).to_be_focused()
    assert [for_each.nth(n).input_value() != "" for n in range(4)] == [True, False, True, False]
    pressed(alice, "s")
    expect(alice.get_by_role("button", name="Say this about 2 comments")).to_be_focused()
    pressed(alice, "b")
    expect(alice.get_by_role("heading", level=1)).to_have_text("Sort by action")
    assert sum(one.input_value() != "" for one in for_each.all()) == 2
    pressed(alice, "s")
    expect(alice.get_by_role("heading", level=1)).to_have_text("What they will read")
    pressed(alice, "s")
    expect(alice.get_by_text("2 comments have their action.")).to_be_visible()
    assert open_ones() == BOXES + BELLS - 2
    pressed(alice, "z")
    expect(alice.get_by_text("Undone. Nobody was told.")).to_be_visible()
    assert open_ones() == BOXES + BELLS


@pytest.mark.usefixtures("comments")
def test_the_keys_are_listed_for_who_asks_and_rest_while_somebody_types(alice: Page) -> None:
    alice.goto("/inbox")
    pressed(alice, "?")
    keys = alice.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("search")
    expect(keys.get_by_text("back to the inbox")).to_be_hidden()
    pressed(alice, "Escape", "/", *"j?x")
    expect(keys).to_be_hidden()
    expect(alice.get_by_label("Words in the comment")).to_have_value("j?x")


def test_the_letter_of_a_line_puts_the_next_action_there_and_names_the_one_after_it(
    alice: Page, people: Cast
) -> None:
    now = clock.now()
    with writing():
        survey = opened_survey(people, now - timedelta(days=1))
        answered(survey, now, "Box torn, telephone closed.")
        for words in ("Our boxes are of double cardboard.", "The telephone is open on Saturdays."):
            decided(people, now, words={"en": words, "nl": words})
        first, second = db.session.scalars(select(Action).order_by(Action.id))
        first.title, second.title = "Boxes", "Telephone"
    alice.goto("/inbox/sorting")
    named, chosen = alice.locator("[data-next]"), alice.locator("select[data-letter]")
    before = named.inner_text()
    pressed(alice, "A")
    assert before in chosen.locator("option:checked").inner_text()
    expect(named).to_have_text(({"Boxes", "Telephone"} - {before}).pop())


def pressed(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
