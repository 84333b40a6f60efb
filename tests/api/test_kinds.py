"""Kinds of question as a program makes, answers and reads them; what does not fit is refused with a sentence."""

from typing import Any

import pytest
from sqlalchemy import select

from core.db import db
from surveys.models_responses import Answer
from tests.api.programs import SURVEY, Program
from tests.each import each

LIST = ["Box", "Courier", "Price"]
EVERY: list[dict[str, Any]] = [
    {"key": "ease", "type": "ces", "prompt": "Hoe makkelijk?", "help": "Denk aan de laatste keer.", "words": ["moeizaam", "vlot"]},
    {"key": "about", "type": "multiple_choice", "prompt": "Waarover?", "choices": LIST},
    {"key": "order", "type": "ranking", "prompt": "Wat telt?", "choices": LIST},
    {"key": "parts", "type": "matrix", "prompt": "Hoe ging elk?", "choices": LIST, "rows": ["Snelheid", "Aandacht"]},
    {"key": "day", "type": "date", "prompt": "Welke dag?"},
    {"key": "gap", "type": "expectation_gap", "prompt": "Hoe goed?"},
    {"key": "public", "type": "consent", "prompt": "U mag het laten zien."},
    {"key": "case", "type": "hidden", "prompt": "Zaak"},
    {"key": "why", "type": "long_text", "prompt": "Waarom?", "required": True, "show_if": {"key": "ease", "answers": [1, "2"]}},
]  # fmt: skip


def made(manager: Program, questions: list[dict[str, Any]] = EVERY) -> dict[str, Any]:
    survey: dict[str, Any] = manager.post("/surveys", {**SURVEY, "slug": "soorten", "questions": questions})
    manager.ask("POST", "/surveys/soorten/opening")
    return survey


def answer(manager: Program, **answers: Any) -> dict[str, str | float | None]:
    sent = {"answers": answers, "customer": {"channel": "page"}}
    response = manager.post("/surveys/soorten/responses", sent)
    kept = db.session.scalars(select(Answer).where(Answer.response_id == response["id"]))
    return {a.question.key: a.text if a.text is not None else a.number for a in kept}


def test_what_is_read_can_be_sent_again(manager: Program) -> None:
    questions = made(manager)["questions"]
    assert questions[0]["words"] == [{"nl": "moeizaam"}, {"nl": "vlot"}]
    assert questions[8]["show_if"] == {"key": "ease", "answers": ["1", "2"]}
    again = manager.post("/surveys", {**SURVEY, "slug": "nog-eens", "questions": questions})
    assert again["questions"] == questions


def test_every_kind_is_answered_in_its_own_shape(manager: Program) -> None:
    made(manager)
    assert answer(
        manager, ease=7, about=["Price", "Box"], order=["Courier", "Box", "Price"], parts={"Snelheid": "Box"}, day="2026-11-26",
        gap={"expected": 4, "experienced": 5}, public=True, case="A-17",
    ) == {
        "ease": 7.0, "about": '["Box", "Price"]', "order": '["Courier", "Box", "Price"]', "parts": '{"Snelheid": "Box"}',
        "day": "2026-11-26", "gap": '{"expected": 4, "experienced": 5}', "public": "yes", "case": "A-17",
    }  # fmt: skip


def test_what_would_not_have_been_asked_is_neither_required_nor_kept(manager: Program) -> None:
    made(manager)
    assert answer(manager, ease=5, why="Nobody asked.") == {"ease": 5.0}
    assert answer(manager, ease=2, why="It took a week.") == {"ease": 2.0, "why": "It took a week."}
    refused = manager.refused("POST", "/surveys/soorten/responses", {"answers": {"ease": 1}})
    assert refused == "The question “why” needs an answer."


@each(("changes", "sentence"), [
    ({"type": "hidden", "required": True}, "“q” is hidden: nobody can be required to fill it in."),
    ({"type": "date", "words": ["a", "b"]}, "The question “q” is no scale"),
    ({"type": "ces", "words": ["a", "b", "c"]}, "Give “q” 7 words, one for each step, or two, for its ends."),
    ({"type": "multiple_choice"}, "The question “q” needs 2 to 100 choices"),
    ({"type": "matrix", "choices": LIST}, "The question “q” needs 2 to 100 rows"),
    ({"type": "ranking", "choices": LIST, "rows": LIST}, "The question “q” is of a type without rows."),
    ({"type": "csat", "help": 3}, "A title, a prompt and a choice are words"),
    ({"type": "csat", "show_if": {"key": "q", "answers": [1]}}, "“q” can only depend on a question before it"),
    ({"type": "csat", "show_if": {"key": "later", "answers": [1]}}, "“q” can only depend on a question before it"),
    ({"type": "csat", "show_if": {"key": "words", "answers": ["x"]}}, "“q” can only depend on a question before it"),
    ({"type": "csat", "show_if": {"key": "nps", "answers": [11]}}, "“q” is asked after one of these answers: 0, 1,"),
    ({"type": "csat", "show_if": {"key": "nps", "answers": []}}, "“q” is asked after one of these answers: 0, 1,"),
    ({"type": "csat", "show_if": {"key": "nps"}}, "“questions.2.show_if.answers”: This is missing."),
    ({"type": "csat", "show_if": "nps"}, "“questions.2.show_if”"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused(manager: Program, changes: dict[str, Any], sentence: str) -> None:
    questions = [
        {"key": "nps", "type": "nps", "prompt": "?"}, {"key": "words", "type": "short_text", "prompt": "?"},
        {"key": "q", "prompt": "?", **changes}, {"key": "later", "type": "nps", "prompt": "?"},
    ]  # fmt: skip
    assert sentence in manager.refused("POST", "/surveys", {**SURVEY, "questions": questions})


def test_more_than_a_form_can_send_is_refused(manager: Program) -> None:
    boxes = {"type": "multiple_choice", "prompt": "?", "choices": [str(n) for n in range(74)]}
    questions = [{**boxes, "key": "one"}, {**boxes, "key": "two"}]
    assert "One page can ask 147 things at most" in manager.refused(
        "POST", "/surveys", {**SURVEY, "questions": questions}
    )


@pytest.mark.parametrize("sent", [
    {"about": {"Box": True}}, {"about": [["Box"]]}, {"gap": {"expected": 9, "experienced": 1}}, {"gap": 3}, {"order": ["Box"]},
    {"parts": {"Snelheid": "x"}}, {"day": "2026-02-30"}, {"public": "perhaps"}, {"case": {"a": 1}}, {"ease": [7]},
])  # fmt: skip
def test_an_answer_in_another_shape_is_refused(manager: Program, sent: dict[str, Any]) -> None:
    made(manager)
    (key,) = sent
    assert key in manager.refused("POST", "/surveys/soorten/responses", {"answers": {"ease": 7, **sent}})
    assert db.session.scalars(select(Answer)).all() == []
