"""Two colleagues in two browsers on one comment: they see each other, and who is later loses nothing."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

from accounts import links
from accounts.models import Staff
from core import clock
from core.db import writing
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided, opened_survey


def at_a_desk(visitor: Callable[..., BrowserContext], staff: Staff) -> Page:
    page, token = visitor().new_page(), links.draw()
    with writing():
        links.issue(staff.id, token, clock.now())
    page.goto(f"/sign-in/{token}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    return page


def test_they_see_each_other_and_who_is_later_chooses(
    people: Cast, visitor: Callable[..., BrowserContext]
) -> None:
    now = clock.now()
    with writing():
        survey = opened_survey(people, now)
        decided(people, now).title = "Stronger boxes"
        decided(people, now, kind="thanks").title = "A word of thanks"
    comment = f"/comments/{said(survey, now).id}"
    alice, bob = at_a_desk(visitor, people.alice), at_a_desk(visitor, people.bob)
    with bob.expect_response(f"**{comment}/visit"):
        bob.goto(comment)
    with alice.expect_response(f"**{comment}/visit"):
        alice.goto(comment)
    alice.get_by_text("Bob Bakker has had this open since").wait_for()
    alice.get_by_label("Stronger boxes").check()
    bob.get_by_label("A word of thanks").check()
    settle(bob)
    alice.get_by_role("button", name="See what they will read").click()
    alice.get_by_role("heading", name="Somebody else was quicker").wait_for()
    alice.get_by_text("The action “A word of thanks” was chosen").first.wait_for()
    assert alice.get_by_label("Stronger boxes").is_checked(), "what she chose is still chosen"
    alice.get_by_label("Say mine instead").check()
    settle(alice)
    alice.get_by_role("heading", name="What was done about it", exact=True).wait_for()
    assert alice.locator("section.given", has_text="Stronger boxes").count() == 1
    assert alice.locator("section.given", has_text="A word of thanks").count() == 0


def settle(page: Page) -> None:
    page.get_by_role("button", name="See what they will read").click()
    page.get_by_role("button", name="Say this about 1 comment").click()
    page.wait_for_load_state()
