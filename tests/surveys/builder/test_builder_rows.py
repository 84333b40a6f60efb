"""The rows of the builder: buttons for what can be done and no others; whatever is pressed, in any order, nothing is lost."""

import random
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from core.db import db, writing
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.kinds import KINDS
from surveys.models import Question, Survey
from surveys.queries import answer_words
from tests import hostile
from tests.browser import Colleague
from tests.cast import Cast
from tests.each import each
from tests.pages import Page, get, send
from tests.surveys.answers import responses
from tests.surveys.making import NEW, surveys, titled

COLOURS = [
    {"key": str(n), "words": {"nl": nl, "en": en}}
    for n, (nl, en) in enumerate([("Rood", "Red"), ("Groen", "Green"), ("Blauw", "Blue")], start=1)
]
COLOUR = Draft("colour", "single_choice", {"nl": "Kleur?", "en": "Colour?"}, options={"choices": COLOURS})
WHY = Draft(
    "why",
    "short_text",
    {"nl": "Waarom?", "en": "Why?"},
    options={"show_if": {"key": "colour", "answers": ["2"]}},
)


@pytest.fixture
def colours(people: Cast, now: datetime) -> Survey:
    with writing():
        made = create_survey(
            people.webshop.id,
            "kleur",
            {"nl": "Kleur", "en": "Colour"},
            "nl",
            people.alice.id,
            [COLOUR, WHY],
            now,
        )
        open_survey(made, now)
    return made


def buttons(page: Page) -> list[Element]:
    return list(page.element("main").iter("button"))


def labels(page: Page, *, disabled: bool) -> list[str]:
    found = [b for b in buttons(page) if b.attrib.get("name") == "move" and "aria-label" in b.attrib]
    return [b.attrib["aria-label"] for b in found if ("disabled" in b.attrib) == disabled]


def held(page: Page) -> list[tuple[str, str]]:
    """(kind, English words) of each row, in order."""
    form = page.form()
    names = [name.removesuffix("-kind") for name in form if name.endswith("-kind")]
    return [(form[f"{name}-kind"], form[f"{name}-prompt_en"]) for name in names]


def questions() -> list[Question]:
    db.session.rollback()
    db.session.expire_all()
    return surveys()[0].versions[-1].questions


def edited(alice: Colleague, **typed: str) -> list[Question]:
    answer = send(alice, get(alice, f"/surveys/{surveys()[0].id}/edit"), publish="yes", **typed)
    assert answer.status_code == 303, Page(answer).errors()
    return questions()


def test_the_first_cannot_go_up_and_the_last_not_down(alice: Colleague) -> None:
    page = get(alice, NEW)
    assert labels(page, disabled=True) == ["Move question 1 up", "Move question 3 down"]
    assert len(labels(page, disabled=False)) == 4


def test_each_button_leads_back_to_the_row_that_it_moved(alice: Colleague) -> None:
    moves = [
        b for b in buttons(get(alice, NEW)) if b.attrib.get("name") == "move" and "aria-label" in b.attrib
    ]
    for button in moves:
        assert button.attrib["formaction"].startswith("/surveys/new#questions-")
    page = Page(send(alice, get(alice, NEW), **titled(move="questions-1 up")))
    (marked,) = [b for b in buttons(page) if "data-moved" in b.attrib]
    assert marked.attrib["aria-label"] == "Move question 1 down", "the row is on top now: up leads nowhere"


def test_the_first_button_of_the_form_saves_since_enter_presses_it(alice: Colleague, survey: Survey) -> None:
    for address in (NEW, f"/surveys/{survey.id}/edit"):
        assert buttons(get(alice, address))[0].attrib["name"] == "save"


def test_whoever_removes_a_question_stays_where_they_were(alice: Colleague) -> None:
    """At the one that took its place, or at the new last one: not at the top of sixty."""
    page = get(alice, NEW)
    leads = {
        b.attrib["value"]: b.attrib["formaction"] for b in buttons(page) if b.attrib.get("name") == "remove"
    }
    assert leads == {
        "questions-0": f"{NEW}#questions-0", "questions-1": f"{NEW}#questions-1", "questions-2": f"{NEW}#questions-1",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_pressed_in_any_order_nothing_that_stays_is_lost(alice: Colleague, seed: int) -> None:
    dice, page = random.Random(seed), get(alice, NEW)
    page = Page(send(alice, page, **titled(add=dice.choice(sorted(KINDS)))))
    expected = held(page)
    for _ in range(6):
        here, there = dice.randrange(len(expected)), dice.randrange(len(expected))
        names = [name.removesuffix("-kind") for name in page.form() if name.endswith("-kind")]
        if len(expected) > 2 and dice.random() < 0.25:
            page = Page(send(alice, page, remove=names[here]))
            expected.pop(here)
        else:
            page = Page(send(alice, page, move=f"{names[here]} to {there}"))
            expected.insert(there, expected.pop(here))
        assert held(page) == expected, (names, here, there, seed)
    assert page.form()["title_en"] == "Your repair"


def test_an_answer_that_is_reworded_keeps_its_meaning_for_those_who_gave_it(
    alice: Colleague, client: FlaskClient, colours: Survey
) -> None:
    client.post("/s/kleur", data={**get(client, "/s/kleur").form(), "colour": "1"})
    made = edited(
        alice,
        questions__0__choices_nl="Donkerrood\nGroen\nBlauw",
        questions__0__choices_en="Dark red\nGreen\nBlue",
    )
    assert [(one["key"], one["words"]["en"]) for one in made[0].options["choices"]] == [
        ("1", "Dark red"),
        ("2", "Green"),
        ("3", "Blue"),
    ]
    (answer,) = responses()[0].answers
    assert answer_words(answer, "en") == "Red", "they read what they chose"


def test_an_answer_that_is_taken_out_leaves_its_key_to_nobody(alice: Colleague, colours: Survey) -> None:
    edited(alice, questions__0__choices_nl="Rood\nGroen", questions__0__choices_en="Red\nGreen")
    made = edited(
        alice, questions__0__choices_nl="Rood\nGroen\nGeel", questions__0__choices_en="Red\nGreen\nYellow"
    )
    assert [one["key"] for one in made[0].options["choices"]] == ["1", "2", "4"]


def test_when_a_question_is_asked_is_written_in_words_and_kept_by_key(
    alice: Colleague, colours: Survey
) -> None:
    form = get(alice, f"/surveys/{colours.id}/edit").form()
    assert (form["questions-1-after"], form["questions-1-after_answers"]) == ("questions-0", "Groen")
    made = edited(
        alice, questions__0__choices_nl="Groen\nRood\nBlauw", questions__0__choices_en="Green\nRed\nBlue"
    )
    assert [one["key"] for one in made[0].options["choices"]] == ["2", "1", "3"]
    assert made[1].options["show_if"] == {"key": "colour", "answers": ["2"]}


def test_a_question_cannot_go_above_the_one_that_it_depends_on(alice: Colleague, colours: Survey) -> None:
    page = Page(send(alice, get(alice, f"/surveys/{colours.id}/edit"), move="questions-1 up"))
    refused = Page(send(alice, page, save="yes"))
    assert refused.status == 422
    assert "Choose the question whose answers these are" in refused.errors()["questions-0-after"]
    assert len(questions()) == 2


def test_words_with_a_comma_are_named_by_their_key(alice: Colleague, people: Cast, now: datetime) -> None:
    commas = [
        {"key": "1", "words": {"nl": "Ja, graag", "en": "Yes, please"}},
        {"key": "2", "words": {"nl": "Nee", "en": "No"}},
    ]
    with writing():
        asked = [Draft("colour", "single_choice", {"nl": "Mag het?", "en": "May we?"}, options={"choices": commas}),
                 Draft("why", "short_text", {"nl": "Hoe?", "en": "How?"}, options={"show_if": {"key": "colour", "answers": ["1"]}})]  # fmt: skip
        made = create_survey(
            people.webshop.id, "komma", {"nl": "Komma", "en": "Comma"}, "nl", people.alice.id, asked, now
        )
        open_survey(made, now)
    assert get(alice, f"/surveys/{made.id}/edit").form()["questions-1-after_answers"] == "1"
    assert edited(alice)[1].options["show_if"]["answers"] == ["1"]


@each("name", hostile.WORDS)
def test_words_in_a_row_come_back_as_they_were_typed(alice: Colleague, colours: Survey, name: str) -> None:
    page = Page(
        send(
            alice,
            get(alice, f"/surveys/{colours.id}/edit"),
            questions__0__choices_nl=hostile.WORDS[name],
            add="csat",
        )
    )
    assert page.status == 200
    shown, typed = page.form()["questions-0-choices_nl"], hostile.WORDS[name]
    assert [c for c in shown if c.isalnum()] == [c for c in typed if c.isalnum()]
    assert "<script>alert(1)" not in page.html


ODD: list[dict[str, Any]] = [
    {"move": "questions-0 to " + "9" * 5000}, {"move": "questions-0 to -1"}, {"move": "questions-0 to ٣"}, {"move": "\x00"}, {"add": "\x00"}, {"add": "again \x00"},
    {"remove": "questions-99"}, {"questions-0-key": "x" * 5000}, {"questions-0-kind": "\x00"}, {"seen": "\x00"}, {"questions-99999-kind": "csat"},
]  # fmt: skip


@each("odd", ODD)
def test_a_form_that_was_tampered_with_is_answered_with_a_page(
    alice: Colleague, colours: Survey, odd: dict[str, Any]
) -> None:
    page = get(alice, f"/surveys/{colours.id}/edit")
    answer = alice.post(page.action(), data={**page.form(), **odd})
    assert answer.status_code in {200, 303, 409, 413, 422}
