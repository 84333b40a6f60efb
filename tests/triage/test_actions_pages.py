"""What was done, planned, or decided against: written down on a page, each mistake beside its field."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from core.db import db, writing
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, said, theme
from tests.each import each
from tests.loop import decided, settled
from tests.pages import Page, get
from triage.models import Action

WORDS = {
    "kind": "done",
    "title": "Stronger boxes",
    "note_nl": "Wij gebruiken een stevigere doos.",
    "note_en": "We use a stronger box.",
}


def actions() -> list[Action]:
    return list(db.session.scalars(select(Action).order_by(Action.id)))


def sent(bob: Colleague, people: Cast, **values: str) -> Page:
    return Page(bob.post("/actions", data={**WORDS, "owner": str(people.bob.id), "theme": "", **values}))


def test_an_action_is_written_down(bob: Colleague, people: Cast, now: datetime) -> None:
    boxes = theme(people, "boxes", "Boxes")
    assert sent(bob, people, theme=str(boxes.id)).status == 303
    (action,) = actions()
    assert (action.kind, action.title, action.owner_id, action.theme_id) == (
        "done",
        "Stronger boxes",
        people.bob.id,
        boxes.id,
    )
    assert action.public_note == {"nl": WORDS["note_nl"], "en": WORDS["note_en"]}
    assert action.done_on == date(2026, 11, 23), "done is done today unless somebody says another day"


def test_the_form_offers_who_asks_as_the_one_who_did_it(bob: Colleague, people: Cast) -> None:
    assert form_to(get(bob, "/actions/new"), "/actions")["owner"] == str(people.bob.id)


@each(
    ("values", "field", "sentence"),
    [
        ({"kind": ""}, "kind", "Choose what was decided."),
        ({"kind": "nonsense"}, "kind", "Not a valid choice."),
        ({"title": " "}, "title", "Say in a few words what was decided."),
        ({"title": "x" * 201}, "title", "This text is 201 characters long; there is room for 200."),
        ({"note_nl": "", "note_en": ""}, "note_nl", "Write the words that respondents will read."),
        ({"note_en": "x" * 2001}, "note_en", "This text is 2001 characters long; there is room for 2000."),
        (
            {"note_en": "nul \0"},
            "note_en",
            "This text holds a character that cannot be kept. Please leave it out.",
        ),
        ({"kind": "wont_do"}, "reason", "A “no” needs its reason: the respondent reads it."),
        ({"reason": "x" * 1001}, "reason", "This text is 1001 characters long; there is room for 1000."),
        ({"kind": "planned"}, "due_on", "Planned for when? Give the date."),
        ({"kind": "planned", "due_on": "2026-11-22"}, "due_on", "A plan cannot be due in the past."),
        ({"kind": "planned", "due_on": "soon"}, "due_on", "“soon” is not a date. An example is 2026-12-04."),
        ({"done_on": "2026-11-24"}, "done_on", "What is done was not done in the future."),
        ({"owner": "99999"}, "owner", "Not a valid choice."),
        ({"theme": "99999"}, "theme", "Not a valid choice."),
    ],
)
def test_each_mistake_stands_beside_its_field(
    bob: Colleague, people: Cast, values: dict[str, str], field: str, sentence: str
) -> None:
    page = sent(bob, people, **values)
    assert page.status == 422
    assert sentence in page.errors()[field], page.errors()
    assert form_to(page, "/actions")["title"] == values.get("title", WORDS["title"]), (
        "nothing that was typed is lost"
    )
    assert actions() == []


@pytest.mark.parametrize("kind", ["done", "planned", "wont_do", "already", "thanks"])
def test_each_kind_can_be_written_down(bob: Colleague, people: Cast, kind: str) -> None:
    assert sent(bob, people, kind=kind, due_on="2026-12-04", reason="It costs too much.").status == 303
    assert [a.kind for a in actions()] == [kind]


def test_the_list_says_what_who_when_and_for_how_many(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        settled(comment.response, decided(people, now), now)
    words = get(bob, "/actions").words
    assert "Stronger boxes done Bob Bakker Monday 23 November 2026 1 0" in words


def test_the_list_is_narrowed_by_kind_and_by_words(bob: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        decided(people, now)
        decided(people, now, "wont_do", reason="Not on Sundays.")
    assert get(bob, "/actions?kind=wont_do").words.count("Stronger boxes") == 1
    assert "Stronger boxes" in get(bob, "/actions?q=SUNDAY").words
    assert "No action matches" in get(bob, "/actions?q=%25").words
    assert "No action matches" in get(bob, "/actions?q=zebra&kind=done").words


def test_an_empty_list_says_what_to_do(bob: Colleague, vera: Colleague) -> None:
    assert get(bob, "/actions").links()["A new action"] == "/actions/new"
    assert "A new action" not in get(vera, "/actions").links(), "a viewer writes nothing"


def test_the_list_goes_on_page_after_page(bob: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        for _ in range(51):
            decided(people, now)
    first = get(bob, "/actions")
    assert first.html.count("/actions/") - 1 == 50 + 0, "fifty lines and the button"
    assert "Stronger boxes" in get(bob, first.links()["Older"]).words


@pytest.mark.parametrize("before", ["9223372036854775808", "-1", "x", "0"])
def test_a_place_that_is_none_begins_at_the_top_or_ends(bob: Colleague, before: str) -> None:
    assert bob.get("/actions", query_string={"before": before}).status_code == 200


def test_one_action_shows_its_words_as_they_are_read(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        action = decided(
            people, now, words={"nl": "Sinds {done_on}.", "en": "Since {done_on}, {owner} and {{7*7}}."}
        )
        settled(comment.response, action, now)
    words = get(bob, f"/actions/{action.id}").words
    assert "Sinds 23 november 2026." in words, "the date as a Dutch reader writes it"
    assert "Since 23 November 2026, {owner} and {{7*7}}." in words, "no other braces mean anything"
    assert "The box was torn." in words, "the comments that it answers"


def test_others_and_strangers(charlie: Colleague, vera: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        action = decided(people, now)
    assert charlie.get(f"/actions/{action.id}").status_code == 404
    assert "Stronger boxes" not in get(charlie, "/actions").words
    assert vera.get(f"/actions/{action.id}").status_code == 200
    assert vera.get("/actions/new").status_code == 403
    assert vera.post("/actions", data=WORDS).status_code == 403
    assert vera.get("/actions/9223372036854775808").status_code == 404
    assert len(actions()) == 1
