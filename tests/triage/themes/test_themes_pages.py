"""The pages of themes: what is about each, and a manager who renames, merges and takes away."""

from datetime import datetime

import pytest
from werkzeug.test import TestResponse

from core.database.counting import MANY
from core.db import db, writing
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, labelled, said, theme
from tests.hostile import WORDS, foreign
from tests.loop import decided
from tests.pages import Page, get
from triage.models import Comment
from triage.themes.models import Theme, comment_theme
from triage.themes.theming import merge, remove


@pytest.fixture
def boxes(people: Cast) -> Theme:
    return theme(people, "boxes", "Boxes")


@pytest.fixture
def packing(people: Cast) -> Theme:
    return theme(people, "packing", "Packing")


def named(who: Colleague, theme: Theme, **names: str) -> TestResponse:
    return who.post(f"/themes/{theme.id}/name", data={"name_nl": "", "name_en": "", **names})


def merged(who: Colleague, theme: Theme, into: object, step: str = "") -> TestResponse:
    return who.post(f"/themes/{theme.id}/merger", data={"into": str(into), "step": step})


def test_the_list_says_how_much_is_about_each(
    bob: Colleague, people: Cast, survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    labelled(said(survey, now), boxes)
    with writing():
        decided(people, now, theme_id=packing.id)
    page = get(bob, "/themes")
    assert "Boxes 1 0 Packing 0 1" in page.words
    assert page.links()["1"] == "/inbox?theme=boxes"


def test_a_count_stops_at_a_thousand(
    bob: Colleague, people: Cast, survey: Survey, boxes: Theme, now: datetime
) -> None:
    first = said(survey, now)
    with writing():
        of_it = {"organisation_id": people.webshop.id, "response_id": first.response_id, "created_at": now}
        comments = [Comment(**of_it) for _ in range(MANY + 5)]
        db.session.add_all(comments)
        db.session.flush()
        db.session.execute(
            comment_theme.insert(), [{"comment_id": c.id, "theme_id": boxes.id} for c in comments]
        )
    assert "Boxes 1,000+ 0" in get(bob, "/themes").words


def test_the_list_stands_in_the_order_in_which_it_is_read(bob: Colleague, people: Cast) -> None:
    for key, name in (("z", "apples"), ("a", "Pears"), ("m", "Éclairs")):
        theme(people, key, name)
    assert "apples 0 0 Pears 0 0 Éclairs 0 0" in get(bob, "/themes").words


def test_the_list_goes_on_page_after_page(bob: Colleague, people: Cast) -> None:
    with writing():
        for n in range(51):
            db.session.add(
                Theme(organisation_id=people.webshop.id, key=f"t{n}", name={"en": f"Theme {n:02}"})
            )
    first = get(bob, "/themes")
    assert ("Theme 49" in first.words, "Theme 50" in first.words) == (True, False)
    second = get(bob, first.links()["Next page"])
    assert ("Theme 49" in second.words, "Theme 50" in second.words) == (False, True)
    assert "Theme 00" in get(bob, second.links()["Previous page"]).words


@pytest.mark.parametrize("start", ["9223372036854775807", "-1", "x", "7"])
def test_a_place_that_is_none_is_no_failure(bob: Colleague, boxes: Theme, start: str) -> None:
    assert bob.get("/themes", query_string={"start": start}).status_code == 200


def test_an_empty_list_says_how_themes_come(bob: Colleague) -> None:
    assert get(bob, "/themes").links()["To the inbox"] == "/inbox"


def test_it_is_found_from_the_actions_the_settings_and_a_comment(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    for page in ("/actions", "/settings", f"/comments/{comment.id}"):
        assert "/themes" in get(alice, page).links().values(), page


def test_a_manager_renames_it_in_each_language(alice: Colleague, boxes: Theme) -> None:
    assert form_to(get(alice, f"/themes/{boxes.id}"), f"/themes/{boxes.id}/name")["name_nl"] == "Boxes"
    assert named(alice, boxes, name_nl="Dozen", name_en="Torn boxes").status_code == 303
    page = get(alice, f"/themes/{boxes.id}")
    assert page.heading == "Torn boxes"
    assert "It was renamed: “Boxes” became “Torn boxes”" in page.words
    dutch = alice.get("/themes", headers={"Accept-Language": "nl"})
    assert boxes.name == {"nl": "Dozen", "en": "Torn boxes"}
    assert dutch.status_code == 200


@pytest.mark.parametrize(
    ("names", "status", "sentence"),
    [
        ({}, 422, "Give it a name."),
        ({"name_en": "packing"}, 409, "There is a theme “Packing” already. You can merge the two."),
        ({"name_en": "x" * 61}, 422, "This text is 61 characters long; there is room for 60."),
        ({"name_en": "nul \0"}, 422, "This text holds a character that cannot be kept."),
    ],
)
def test_a_name_that_will_not_do_is_refused_and_stays_in_its_field(
    alice: Colleague, boxes: Theme, packing: Theme, names: dict[str, str], status: int, sentence: str
) -> None:
    page = Page(named(alice, boxes, name_nl="Dozen" if names else "", **names))
    assert (page.status, sentence in page.words) == (status, True)
    if names:
        assert form_to(page, f"/themes/{boxes.id}/name")["name_nl"] == "Dozen"
    db.session.expire_all()
    assert boxes.name == {"en": "Boxes", "nl": "Boxes"}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
def test_any_name_is_shown_as_what_it_is(alice: Colleague, boxes: Theme, packing: Theme, words: str) -> None:
    assert named(alice, boxes, name_en=words[:60]).status_code == 303
    for path in ("/themes", f"/themes/{boxes.id}", f"/themes/{packing.id}"):
        answer = alice.get(path)
        assert answer.status_code == 200
        assert not foreign(Page(answer).tree) or "\x07" in words


def test_what_moves_is_said_before_it_does(
    alice: Colleague, survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    comment = labelled(said(survey, now), boxes)
    page = Page(merged(alice, boxes, packing.id, "preview"))
    assert "Moves Boxes 1 comment, 0 actions Stays Packing 0 comments, 0 actions" in page.words
    assert [t.key for t in comment.themes] == ["boxes"], "nothing moved yet"
    done = alice.post(page.action(), data=page.form())
    assert (done.status_code, done.location) == (303, f"/themes/{packing.id}")
    after = get(alice, f"/themes/{packing.id}")
    assert "Merged. 1 comment moved." in after.words
    assert "“Boxes” was merged into “Packing”, with 1 comment Alice Adams" in after.words
    assert "Holds as well Boxes" in after.words
    assert "Boxes" not in get(alice, "/themes").links()


def test_the_address_of_a_theme_that_was_merged_leads_to_the_one_that_stays(
    alice: Colleague, boxes: Theme, packing: Theme
) -> None:
    merged(alice, boxes, packing.id)
    assert alice.get(f"/themes/{boxes.id}").location == f"/themes/{packing.id}"


def test_the_inbox_says_which_theme_it_shows_by_whatever_name_it_was_asked(
    alice: Colleague, boxes: Theme, packing: Theme
) -> None:
    asked = f"/inbox?theme={boxes.key}"
    assert chosen(get(alice, asked)) == "Boxes"
    merged(alice, boxes, packing.id)
    assert chosen(get(alice, asked)) == "Packing", "not “all”, though it finds the right ones"
    assert f"theme={packing.key}" in " ".join(get(alice, asked).links().values()), (
        "and what leads on says so too"
    )
    assert chosen(get(alice, "/inbox?theme=never-there")) == "never-there", (
        "where nothing is found, it says what was asked"
    )


def chosen(page: Page) -> str:
    return "".join(next(o for o in page.element("theme").iter("option") if "selected" in o.attrib).itertext())


@pytest.mark.parametrize(
    ("into", "status", "sentence"),
    [
        ("", 422, "Choose the theme that stays."),
        ("itself", 422, "A theme cannot be merged into itself. Choose another one."),
        ("abc", 404, ""),
        ("99999", 404, ""),
        ("9223372036854775808", 404, ""),
        ("another's", 404, ""),
    ],
)
def test_a_merger_with_what_cannot_be(
    alice: Colleague, people: Cast, boxes: Theme, packing: Theme, into: str, status: int, sentence: str
) -> None:
    with writing():
        theirs = Theme(organisation_id=people.housing.id, key="boxes", name={"en": "Boxes"})
        db.session.add(theirs)
    chosen = {"itself": boxes.id, "another's": theirs.id}.get(into, into)
    for step in ("preview", ""):
        answer = merged(alice, boxes, chosen, step)
        assert (answer.status_code, sentence in Page(answer).words) == (status, True)
    assert boxes.ended_at is None


def test_two_windows_the_second_reads_what_happened(
    alice: Colleague, people: Cast, boxes: Theme, packing: Theme
) -> None:
    returns = theme(people, "returns", "Returns")
    merged(alice, boxes, packing.id)
    said_ = "“Boxes” was merged into “Packing” meanwhile."
    for step in ("preview", ""):
        answer = merged(alice, boxes, returns.id, step)
        assert (answer.status_code, answer.location) == (303, "/themes")
        assert said_ in get(alice, "/themes").words
        page = Page(merged(alice, returns, boxes.id, step))
        assert (page.status, said_ in page.words) == (409, True)
    assert named(alice, boxes, name_en="Other").location == "/themes"
    assert said_ in get(alice, "/themes").words


def test_a_comment_that_lay_open_is_labelled_with_the_theme_that_stays(
    bob: Colleague, survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        merge(boxes, packing, now)
    sent = bob.post(
        f"/comments/{comment.id}/labels",
        data={"emotion": "", "assignee": "", "themes": [str(boxes.id)], "new_theme": ""},
    )
    assert (sent.status_code, [t.key for t in comment.themes]) == (303, ["packing"])


def test_an_unused_theme_is_taken_away_and_comes_back_by_its_name(
    alice: Colleague, bob: Colleague, survey: Survey, boxes: Theme, now: datetime
) -> None:
    comment = said(survey, now)
    assert alice.post(f"/themes/{boxes.id}/removal").location == "/themes"
    assert "“Boxes” was taken away." in get(alice, "/themes").words
    assert "taken away" in get(alice, f"/themes/{boxes.id}").words
    labels = {"emotion": "", "assignee": "", "new_theme": "BOXES"}
    assert bob.post(f"/comments/{comment.id}/labels", data=labels).status_code == 303
    assert get(alice, "/themes").links()["Boxes"] == f"/themes/{boxes.id}"


def test_a_theme_that_is_used_stays(alice: Colleague, survey: Survey, boxes: Theme, now: datetime) -> None:
    labelled(said(survey, now), boxes)
    assert "Take it away" not in get(alice, f"/themes/{boxes.id}").words
    assert alice.post(f"/themes/{boxes.id}/removal").status_code == 303
    assert "Something is about “Boxes”." in get(alice, f"/themes/{boxes.id}").words


def test_who_may_not_change_it_is_offered_nothing(bob: Colleague, boxes: Theme, now: datetime) -> None:
    with writing():
        remove(boxes, now)
    page = get(bob, f"/themes/{boxes.id}")
    assert "/removal" not in page.html
    assert "Rename it" not in page.words
