"""Surveys: made, opened, closed, read; and what is refused, with a sentence."""

from typing import Any

import pytest

from tests.api.programs import QUESTIONS, SURVEY, Program
from tests.cast import Cast

CHOICE: dict[str, Any] = {"key": "about", "type": "single_choice", "prompt": "Waarover?"}


def test_a_survey_is_made_as_a_draft_and_opened(manager: Program) -> None:
    made = manager.post("/surveys", SURVEY)
    assert (made["slug"], made["state"], made["opened_at"]) == ("bestelling", "draft", None)
    assert made["url"].endswith("/s/bestelling")
    opened = manager.ask("POST", "/surveys/bestelling/opening")
    assert opened["state"] == "open"
    closed = manager.ask("DELETE", "/surveys/bestelling/opening")
    assert (closed["state"], closed["closed_at"] is None) == ("closed", False)


def test_how_customers_meet_it_is_said_at_once_so_that_no_answer_comes_before(manager: Program) -> None:
    made = manager.post("/surveys", {**SURVEY, "anonymous": True, "one_by_one": True})
    assert (made["anonymous"], made["one_by_one"]) == (True, True)
    plain = manager.post("/surveys", {**SURVEY, "slug": "plain"})
    assert (plain["anonymous"], plain["one_by_one"]) == (False, False)


def test_the_signer_is_the_first_person_unless_said(manager: Program) -> None:
    made = manager.post("/surveys", {**SURVEY, "signer": None})
    assert (made["signer"], made["deputy"]) == ("alice@webshop.example", None)
    made = manager.post(
        "/surveys",
        {**SURVEY, "slug": "b", "signer": "bob@webshop.example", "deputy": "ALICE@webshop.example"},
    )
    assert (made["signer"], made["deputy"]) == ("bob@webshop.example", "alice@webshop.example")


def test_a_colleague_of_another_organisation_cannot_sign(manager: Program) -> None:
    said = manager.refused("POST", "/surveys", {**SURVEY, "signer": "charlie@housing.example"})
    assert said == "Nobody here has the mail address “charlie@housing.example”."


def test_words_are_given_once_or_per_language(manager: Program) -> None:
    title = {"nl": "Uw bestelling", "en": "Your order"}
    made = manager.post("/surveys", {**SURVEY, "title": title})
    assert made["title"] == title
    assert made["questions"][0]["prompt"] == {"nl": "Hoe tevreden bent u?"}


def test_choices_are_texts_or_have_keys_and_words(manager: Program) -> None:
    choices = ["Levering", {"key": "price", "words": {"nl": "Prijs", "en": "Price"}}]
    made = manager.post("/surveys", {**SURVEY, "questions": [{**CHOICE, "choices": choices}]})
    assert made["questions"][0]["choices"] == [
        {"key": "Levering", "words": {"nl": "Levering"}},
        {"key": "price", "words": {"nl": "Prijs", "en": "Price"}},
    ]


def question(**changes: Any) -> dict[str, Any]:
    return {"questions": [{**QUESTIONS[0], **changes}]}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"slug": "Uw bestelling"}, "An address holds small letters"),
    ({"slug": None}, "“slug”: This is missing."),
    ({"title": ""}, "A title, a prompt and a choice are words"),
    ({"title": 12}, "A title, a prompt and a choice are words"),
    ({"title": {}}, "A title, a prompt and a choice are words"),
    ({"title": {"en": "Order"}}, "in the survey's language at least"),
    ({"title": {"nl": "Uw bestelling", "tlh": "Commande"}}, "There is no language “tlh” here."),
    ({"title": "x" * 201}, "A title, a prompt and a choice are words"),
    ({"language": "tlh"}, "“language”: Give one of: nl, en, de"),
    ({"reply_within_days": 0}, "“reply_within_days”: Give a number from 1 to 60."),
    ({"reply_within_days": 2.5}, "“reply_within_days”: Give a whole number."),
    ({"reply_within_days": "many"}, "“reply_within_days”: Give a whole number."),
    ({"questions": "none"}, "“questions”: Give a list."),
    ({"questions": [QUESTIONS[0]] * 2}, "Every question needs a key of its own."),
    ({"questions": [QUESTIONS[2], {**QUESTIONS[2], "key": "who"}]}, "Who somebody is can be asked once."),
    ({"signer": "alice"}, "“signer”: Give a mail address."),
    ({"colour": "red"}, "“colour”: There is no such name here."),
    (question(key="Key one"), "“questions.0.key”: A name here holds small letters"),
    (question(key="csat\n"), "“questions.0.key”: A name here holds small letters"),
    (question(required="perhaps"), "“questions.0.required”: Give true or false."),
    (question(choices=["a", "b"]), "The question “csat” is of a type without choices."),
    ({"questions": [CHOICE]}, "The question “about” needs 2 to 100 choices"),
    ({"questions": [{**CHOICE, "choices": ["a"]}]}, "The question “about” needs 2 to 100 choices"),
    ({"questions": [{**CHOICE, "choices": ["a", "a"]}]}, "The question “about” needs 2 to 100 choices"),
    ({"questions": [{**CHOICE, "choices": [{"words": {"nl": "x"}}, "b"]}]}, "A choice is a text, or an object"),
    ({"questions": [{**CHOICE, "choices": [1, 2]}]}, "A title, a prompt and a choice are words"),
    ({"questions": [{**CHOICE, "choices": ["a", None]}]}, "“questions.0.choices.1”: This is missing."),
]  # fmt: skip


def test_what_cannot_be_a_survey_is_refused_with_a_sentence(
    manager: Program, subtests: pytest.Subtests
) -> None:
    for changes, sentence in REFUSED:
        with subtests.test(str(changes)[:60]):
            assert sentence in manager.refused("POST", "/surveys", {**SURVEY, **changes})
    assert manager.get("/surveys")["data"] == []


def test_a_kind_of_question_that_does_not_exist_is_named(manager: Program) -> None:
    said = manager.refused("POST", "/surveys", {**SURVEY, **question(type="telepathy")})
    assert said.startswith("“questions.0.type”: Give one of: ces, consent, contact, csat, date, emotion,")


def test_every_objection_is_listed_with_its_place(manager: Program) -> None:
    answer = manager.ask(
        "POST", "/surveys", {"slug": 3, "questions": [{"key": "csat", "type": "telepathy"}]}, 422
    )
    assert {(e["pointer"], e["detail"].split(":")[0]) for e in answer["errors"]} == {
        ("#/slug", "Give a text."),
        ("#/title", "This is missing."),
        ("#/questions/0/prompt", "This is missing."),
        ("#/questions/0/type", "Give one of"),
    }


def test_a_slug_is_taken_also_by_another_organisation(manager: Program, stranger: Program) -> None:
    manager.post("/surveys", SURVEY)
    assert "is in use" in stranger.refused("POST", "/surveys", SURVEY, 409)


def test_a_survey_without_questions_does_not_open(manager: Program) -> None:
    manager.post("/surveys", {**SURVEY, "questions": []})
    assert (
        manager.refused("POST", "/surveys/bestelling/opening")
        == "A survey needs at least one question before it can open."
    )


def test_a_survey_that_is_not_open_cannot_be_closed(manager: Program) -> None:
    manager.post("/surveys", SURVEY)
    assert manager.refused("DELETE", "/surveys/bestelling/opening", status=409) == "This survey is not open."


def test_an_unknown_survey_is_not_found(manager: Program, people: Cast) -> None:
    for slug in ("nothing", "%00", "%ff", "a" * 3000, "%2e%2e"):
        assert (
            manager.refused("GET", f"/surveys/{slug}", status=404)
            == "There is nothing here that this key can see."
        )


def test_a_list_is_read_page_by_page(manager: Program) -> None:
    for n in range(5):
        manager.post("/surveys", {**SURVEY, "slug": f"s{n}"})
    first = manager.get("/surveys?limit=2")
    second = manager.get(f"/surveys?limit=2&after={first['next']}")
    last = manager.get(f"/surveys?limit=2&after={second['next']}")
    assert [s["slug"] for page in (first, second, last) for s in page["data"]] == [
        "s0",
        "s1",
        "s2",
        "s3",
        "s4",
    ]
    assert last["next"] is None


NO_PAGES = [
    ("limit=0", "“limit”: Give a number from 1 to 500."),
    ("limit=501", "“limit”: Give a number from 1 to 500."),
    ("limit=ten", "“limit”: Give a whole number."),
    ("after=-1", "“after”: Give a number from 0 to 9223372036854775807."),
    ("after=99999999999999999999", "“after”: Give a number from 0 to 9223372036854775807."),
    ("page=2", "“page”: There is no such name here."),
]


def test_a_page_that_cannot_be_is_refused(manager: Program) -> None:
    for query, sentence in NO_PAGES:
        assert manager.refused("GET", f"/surveys?{query}") == sentence


def test_an_empty_parameter_is_left_out(manager: Program, survey: str) -> None:
    assert len(manager.get("/surveys?limit=&after=")["data"]) == 1
