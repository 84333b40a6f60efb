"""Staff make the newer kinds, put words on a scale, write help, and say after which answers a question is asked."""

import pytest

from surveys.kinds import KINDS
from surveys.models import Question
from tests.browser import Colleague
from tests.pages import Page, get, send
from tests.surveys.making import NEW, surveys, titled


def with_rows(alice: Colleague, *kinds: str) -> Page:
    page = get(alice, NEW)
    for kind in kinds:
        page = Page(send(alice, page, **titled(add=kind)))
    return page


def made(alice: Colleague, page: Page, **typed: str) -> list[Question]:
    answer = send(alice, page, **titled(**typed))
    assert answer.status_code == 303, Page(answer).errors()
    assert get(alice, answer.location).status == 200
    return surveys()[0].versions[0].questions


def refused(alice: Colleague, page: Page, **typed: str) -> Page:
    again = Page(send(alice, page, **titled(**typed)))
    assert (again.status, surveys()) == (422, [])
    return again


LISTS = {
    "ranking": ("choices",),
    "matrix": ("choices", "rows"),
    "multiple_choice": ("choices",),
    "single_choice": ("choices",),
}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"contact"}))
def test_every_kind_can_be_made(alice: Colleague, kind: str) -> None:
    lists = {f"questions__3__{name}_{code}": "A\nB" for name in LISTS.get(kind, ()) for code in ("nl", "en")}
    question = made(alice, with_rows(alice, kind), **lists)[3]
    assert (question.kind, question.required) == (kind, kind == "csat")
    assert set(question.options) == set(LISTS.get(kind, ()))


def test_help_and_words_on_every_point_are_kept_in_both_languages(alice: Colleague) -> None:
    words = {"questions__0__words_nl": "a\nb\nc\nd\ne", "questions__0__words_en": "v\nw\nx\ny\nz"}
    questions = made(alice, get(alice, NEW), questions__0__help_nl="Alles bij elkaar.", **words)
    assert questions[0].help == {"nl": "Alles bij elkaar."}
    assert questions[0].options["words"][4] == {"nl": "e", "en": "z"}


@pytest.mark.parametrize(("nl", "en", "field"), [
    ("a\nb\nc", "", "words_nl"), ("a\nb", "v\nw\nx\ny\nz", "words_nl"), ("", "v\nw", "words_nl"), ("a\nb", "v", "words_en"),
])  # fmt: skip
def test_words_are_one_for_each_step_or_two(alice: Colleague, nl: str, en: str, field: str) -> None:
    page = refused(alice, get(alice, NEW), questions__0__words_nl=nl, questions__0__words_en=en)
    assert page.errors() == {
        f"questions-0-{field}": "Give 5 words, one for each step, or two, for the ends; in each language as many."
    }
    assert page.form()["questions-0-words_nl"] == nl


def test_a_hidden_one_is_never_required(alice: Colleague) -> None:
    page = with_rows(alice, "hidden")
    assert "questions-3-required" not in page.html
    assert not made(alice, page, questions__3__required="y")[3].required


def test_a_question_is_asked_after_some_answers(alice: Colleague) -> None:
    typed = {"questions__1__after": "questions-0", "questions__1__after_answers": "1, 2"}
    questions = made(alice, get(alice, NEW), **typed)
    assert questions[1].options == {"show_if": {"key": "csat", "answers": ["1", "2"]}}
    assert "asked only when “csat” is: 1, 2" in get(alice, f"/surveys/{surveys()[0].id}").words


@pytest.mark.parametrize("said", ["De monteur", "the MECHANIC", "1"])
def test_answers_of_a_list_are_named_by_their_words(alice: Colleague, said: str) -> None:
    page = with_rows(alice, "single_choice", "long_text")
    questions = made(
        alice, page, questions__3__choices_nl="De monteur\nDe afspraak", questions__3__choices_en="The mechanic\nThe appointment",
        questions__4__after="questions-3", questions__4__after_answers=said,
    )  # fmt: skip
    assert questions[4].options == {"show_if": {"key": "choice", "answers": ["1"]}}


def test_yes_may_be_said_in_dutch(alice: Colleague) -> None:
    typed = {"questions__4__after": "questions-3", "questions__4__after_answers": "Nee"}
    questions = made(alice, with_rows(alice, "yes_no", "long_text"), **typed)
    assert questions[4].options["show_if"] == {"key": "yes_no", "answers": ["no"]}


@pytest.mark.parametrize(("typed", "field", "sentence"), [
    ({"after": "questions-0", "after_answers": "9"}, "after_answers", "Name one or more of these answers: 1, 2, 3, 4, 5."),
    ({"after": "questions-0"}, "after_answers", "Name one or more of these answers: 1, 2, 3, 4, 5."),
    ({"after_answers": "1"}, "after", "Choose the question whose answers these are, or leave them out."),
    ({"after": "questions-9", "after_answers": "1"}, "after", "Choose the question whose answers these are, or leave them out."),
    ({"after": "questions-2", "after_answers": "1"}, "after", "Choose the question whose answers these are, or leave them out."),
])  # fmt: skip
def test_a_condition_that_cannot_be(
    alice: Colleague, typed: dict[str, str], field: str, sentence: str
) -> None:
    rows = {f"questions__1__{name}": value for name, value in typed.items()}
    page = refused(alice, get(alice, NEW), **rows)
    assert page.errors() == {f"questions-1-{field}": sentence}
    assert page.form()["questions-1-after_answers"] == typed.get("after_answers", "")


def test_only_earlier_questions_with_a_list_of_answers_are_offered(alice: Colleague) -> None:
    page = with_rows(alice, "yes_no")
    offered = [
        [o.attrib["value"] for o in page.element(f"questions-{n}-after").iter("option")] for n in range(4)
    ]
    assert offered == [[""], ["", "questions-0"], ["", "questions-0"], ["", "questions-0"]]


def test_more_than_a_page_can_send_is_said(alice: Colleague) -> None:
    lines = "\n".join(str(n) for n in range(160))
    page = with_rows(alice, "multiple_choice")
    again = Page(send(alice, page, **titled(questions__3__choices_nl=lines, questions__3__choices_en=lines)))
    assert again.status == 422
    assert "One page can ask 147 things at most" in again.words
    assert again.errors() == {}, "it is about all of them together"
    assert again.form()["questions-3-choices_nl"].strip() == lines
