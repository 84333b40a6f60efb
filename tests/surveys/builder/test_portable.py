"""A survey as a file: read again it is the same; a file that is wrong says where, and nothing is made of it."""

import json
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from core.db import db, writing
from surveys.builder import portable
from surveys.builder.copying import copy_survey, free_slug, import_survey, starter, starters
from surveys.builder.editing import as_data
from surveys.kinds.names import starter_words
from surveys.models import Survey
from tests import hostile
from tests.browser import Colleague
from tests.cast import Cast
from tests.each import each
from tests.pages import Page, get
from tests.surveys.making import surveys

FILE = "/surveys/file"


def held(**changed: Any) -> dict[str, Any]:
    scale = {"key": "csat", "type": "csat", "prompt": {"nl": "Hoe?", "en": "How?"}}
    why = {
        "key": "why",
        "type": "long_text",
        "prompt": {"nl": "Waarom?"},
        "show_if": {"key": "csat", "answers": [1, 2]},
    }
    body = {
        "format": "terugkoppel-survey",
        "version": 1,
        "title": {"nl": "Vragen"},
        "language": "nl",
        "questions": [scale, why],
    }
    return {**body, **changed}


def questions(*changed: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"key": f"q{n}", "type": "long_text", "prompt": {"nl": "Wat?"}, **one}
        for n, one in enumerate(changed)
    ]


def brought_in(alice: Colleague, text: str) -> Page:
    answer = alice.post(FILE, data={"text": text})
    return get(alice, answer.location) if answer.status_code == 303 else Page(answer)


@pytest.mark.both_databases
def test_a_survey_with_every_kind_is_the_same_after_a_trip_through_a_file(
    long_survey: Survey, people: Cast, now: datetime
) -> None:
    with writing():
        long_survey.language = "en"
        long_survey.reply_working_days, long_survey.reply_hours = None, 48
        long_survey.anonymous = long_survey.one_by_one = True
    text = json.dumps(portable.as_file(long_survey))
    with writing():
        made = import_survey(
            people.webshop.id,
            portable.from_file(text),
            people.bob.id,
            now,
        )
    assert as_data(made.versions[0].questions) == as_data(long_survey.versions[0].questions)
    assert (made.title, made.language, made.reply_hours, made.reply_working_days) == (
        long_survey.title,
        "en",
        48,
        None,
    )
    assert (made.state, made.signer_id, made.slug) == ("draft", people.bob.id, "alles-2")
    assert {**portable.as_file(made), "slug": "alles"} == portable.as_file(long_survey)


def test_the_file_that_is_taken_along_can_be_brought_in_as_it_is(alice: Colleague, survey: Survey) -> None:
    sent = alice.get(f"/surveys/{survey.id}/export")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="bestelling.json"'
    answer = alice.post(FILE, data={"file": (BytesIO(b"\xef\xbb\xbf" + sent.data), "a.json"), "text": ""})
    assert answer.status_code == 303
    assert as_data(surveys()[1].versions[0].questions) == as_data(surveys()[0].versions[0].questions)


WRONG = {
    "": "Choose a file",
    "[": "it goes wrong in line 1, at character 2",
    "[1]": "does not begin with its format",
    '{"format": "terugkoppel-survey", "version": 2}': "newer edition",
    '{"a": 1, "a": 2}': "“a” stands twice",
    '{"format": NaN}': "no JSON that a survey could be made of",
    "[" * 100_000: "no JSON that a survey could be made of",
    '{"format": "x\\u0000"}': "character that cannot be kept",
    " " + json.dumps({"format": "x" * portable.LIMIT}): "larger than 500 kB",
}


@each("text", WRONG)
def test_what_is_no_survey_says_so_and_nothing_is_made(alice: Colleague, text: str) -> None:
    page = brought_in(alice, text)
    assert page.status == 422
    assert WRONG[text] in page.errors()["text"]
    assert surveys() == []
    assert page.form()["text"].strip() == text.strip().replace("\x00", "")


WITHIN = [
    ({"colour": 1}, "In colour: There is no such name here."),
    ({"title": {"en": "x"}}, "In title: A title, a prompt and a choice are words"),
    ({"language": "tlh"}, "In language: Give one of: nl, en, de, fr"),
    ({"reply_within_days": 99}, "In reply_within_days: Give a number from 1 to 60."),
    ({"reply_within_days": 3, "reply_within_hours": 3}, "give one of the two"),
    ({"questions": questions({"type": "telepathy"})}, "In question 1 (“q0”), type: Give one of:"),
    ({"questions": ["no object"]}, "In question 1 (“?”)"),
    ({"questions": questions({}, {"key": "q0"})}, "Every question needs a key of its own"),
    ({"questions": questions({}, {"prompt": {"en": "Only English"}})}, "In question 2 (“q1”): A title, a prompt"),
    ({"questions": questions({"type": "single_choice", "choices": ["one"]})}, "In question 1 (“q0”): The question “q0” needs 2 to 100"),
    ({"questions": questions({"show_if": {"key": "q0", "answers": [1]}})}, "“q0” can only depend on a question before it"),
    ({"questions": questions({"type": "csat", "show_if": {"key": "q1", "answers": [1]}}, {"type": "csat", "show_if": {"key": "q0", "answers": [1]}})},
     "“q0” can only depend on a question before it"),
    ({"questions": questions({"type": "contact"}, {"type": "contact"})}, "Who somebody is can be asked once."),
    ({"questions": questions(*[{}] * 61)}, "In questions: There is room for 60."),
    ({"questions": questions({"prompt": {"nl": "x" * 201}})}, "In question 1 (“q0”): A title, a prompt"),
]  # fmt: skip


@each(("changed", "sentence"), WITHIN)
def test_what_is_wrong_within_a_file_is_named_with_its_place(
    alice: Colleague, changed: dict[str, Any], sentence: str
) -> None:
    page = brought_in(alice, json.dumps(held(**changed)))
    assert sentence in page.errors()["text"]
    assert surveys() == []


@each("name", hostile.WORDS)
def test_words_of_a_file_are_words(alice: Colleague, name: str) -> None:
    page = brought_in(alice, json.dumps(held(title={"nl": hostile.WORDS[name][:200] or "x"})))
    assert page.status in {200, 422}
    assert "<script>alert(1)" not in page.html


def test_bytes_that_are_no_text(alice: Colleague) -> None:
    page = Page(alice.post(FILE, data={"file": (BytesIO(b"{\xff\xfe"), "a.json"), "text": ""}))
    assert "no text in UTF-8" in page.errors()["text"]


def test_a_copy_is_a_draft_with_everything_but_the_answers(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    with writing():
        survey.closing_days, survey.closing_words, survey.detractor_bound = 9, {"nl": "Dank"}, 3
        survey.anonymous = survey.one_by_one = True
    answer = alice.post(f"/surveys/{survey.id}/copy")
    copy = surveys()[1]
    assert answer.location == f"/surveys/{copy.id}/edit"
    assert (copy.state, copy.slug, copy.closing_days, copy.detractor_bound) == ("draft", "bestelling-2", 9, 3)
    assert copy.anonymous, "a copy that asks for names would break what the first one said"
    assert copy.one_by_one
    assert copy.title["en"] == "Your order (copy)"
    assert copy.title["nl"].endswith("(kopie)")
    assert as_data(copy.versions[0].questions) == as_data(surveys()[0].versions[0].questions)


@pytest.mark.both_databases
def test_a_copy_of_a_copy_has_an_address_of_its_own(survey: Survey, now: datetime) -> None:
    with writing():
        slugs = [copy_survey(survey, now).slug for _ in range(3)]
    assert slugs == ["bestelling-2", "bestelling-3", "bestelling-4"]
    with writing():
        survey.slug = "x" * 60
    assert free_slug("x" * 60) == "x" * 50 + "-2"


def test_a_draft_gets_another_address_and_an_open_survey_keeps_its_own(
    alice: Colleague, survey: Survey
) -> None:
    page = get(alice, alice.post(f"/surveys/{survey.id}/copy").location)
    data = {**page.form(), "save": "yes"}
    assert "in use" in Page(alice.post(page.action(), data={**data, "slug": "bestelling"})).html
    assert alice.post(page.action(), data={**data, "slug": "winter"}).status_code == 303
    assert "slug" not in get(alice, f"/surveys/{survey.id}/edit").form()
    db.session.rollback()
    assert [s.slug for s in surveys()] == ["bestelling", "winter"]


def test_every_template_can_be_asked_in_both_languages(alice: Colleague) -> None:
    assert set(starters()) == set(starter_words())
    for name in starters():
        held = starter(name)
        assert held is not None
        assert all(set(draft.prompt) == {"nl", "en"} for draft in held.questions), name
        assert [d.kind for d in held.questions][-1] == "contact"


@pytest.mark.parametrize("name", ["csat", "nps", "expected"])
def test_a_template_fills_the_form_and_is_made_like_any_survey(alice: Colleague, name: str) -> None:
    page = get(alice, f"/surveys/new?from={name}")
    answer = alice.post(page.action(), data={**page.form(), "save": "yes"})
    assert answer.status_code == 303, Page(answer).errors()
    held = starter(name)
    assert held is not None
    made = surveys()[0].versions[0].questions
    assert [(q.kind, q.prompt, q.options) for q in made] == [
        (d.kind, d.prompt, d.options) for d in held.questions
    ]


@pytest.mark.parametrize("name", ["", "x", "../../core/db", "csat.json", "\x00"])
def test_a_template_that_is_none_is_the_usual_form(alice: Colleague, name: str) -> None:
    page = get(alice, "/surveys/new", query_string={"from": name})
    assert (page.status, page.form()["questions-0-kind"]) == (200, "csat")


def test_only_managers_bring_in_and_copy(bob: Colleague, survey: Survey) -> None:
    assert [
        bob.get(FILE).status_code,
        bob.post(FILE).status_code,
        bob.post(f"/surveys/{survey.id}/copy").status_code,
    ] == [403] * 3
    assert bob.get(f"/surveys/{survey.id}/export").status_code == 200
