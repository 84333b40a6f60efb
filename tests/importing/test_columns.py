"""What a column is called, here and in other tools; and what makes a file impossible to read."""

import pytest

from core.errors import DomainError
from surveys.imports.columns import COMMENTS, NAMES, OURS_ALONE, columns, guessed, named, offered
from surveys.models import Question, Version


def version(*kinds: str) -> Version:
    return Version(
        questions=[
            Question(key=kind, kind=kind, position=n, prompt={"en": f"About {kind}?", "nl": f"Over {kind}?"})
            for n, kind in enumerate(kinds, 1)
        ]
    )


USUAL = ("csat", "long_text", "contact")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Response ID", "id"),
        ("response id", "id"),
        ("Ticket", "id"),
        ("Submitted at", "submitted_at"),
        ("Datum", "submitted_at"),
        ("TIJDSTEMPEL", "submitted_at"),
        ("Created at", "submitted_at"),
        ("Customer", "name"),
        ("naam", "name"),
        ("Email", "email"),
        ("e-mailadres", "email"),
        ("E-mail", "email"),
        ("Telefoonnummer", "phone"),
        ("Mobile", "phone"),
        ("Klantnummer", "external_id"),
        ("Customer ID", "external_id"),
        ("taal", "language"),
        ("Kanaal", "channel"),
        ("Cijfer", "score"),
        ("csat", "question:csat"),
        ("About csat?", "question:csat"),
        ("over CSAT?", "question:csat"),
        ("Opmerking", "question:long_text"),
        ("opmerkingen", "question:long_text"),
        ("Toelichting", "question:long_text"),
        ("Comments", "question:long_text"),
        ("Feedback", "question:long_text"),
        ("About contact?", ""),
        ("weather", ""),
        ("", ""),
        *((name, "") for name in OURS_ALONE),
    ],
)
def test_a_column_is_known_by_its_name(header: str, field: str) -> None:
    assert guessed([header], version(*USUAL)) == [field]


def test_people_s_own_words_answer_the_first_question_that_asks_for_them() -> None:
    asked = version("csat", "short_text", "long_text")
    asked.questions.append(Question(key="more", kind="long_text", position=4, prompt={"en": "More?"}))
    assert guessed(["Date", "Opmerking"], asked) == ["submitted_at", "question:long_text"]
    assert guessed(["Comments", "Remarks"], asked) == ["question:long_text", ""], "never two for one question"
    assert guessed(["Remarks", "long_text"], asked) == ["", "question:long_text"], "its own name goes before"
    assert guessed(["Comment"], version("csat")) == [""]


def test_no_name_means_two_things() -> None:
    every = [name.casefold() for names in (*NAMES.values(), COMMENTS) for name in names]
    assert len(every) == len(set(every))


@pytest.mark.usefixtures("english")
def test_a_score_answers_the_first_question_on_a_scale() -> None:
    asked = version("long_text", "nps", "csat")
    assert columns(["Score", "Email"], ["score", "email"], asked).places == {"question:nps": 0, "email": 1}


@pytest.mark.usefixtures("english")
def test_a_score_beside_the_question_itself_is_left_out() -> None:
    said = columns(["Score", "csat"], ["score", "question:csat"], version(*USUAL))
    assert said.cell(["9", "4"], "question:csat") == "4"


@pytest.mark.usefixtures("english")
def test_a_score_for_a_survey_without_a_scale_says_nothing() -> None:
    assert columns(["Score", "a"], ["score", "question:long_text"], version("long_text")).places == {
        "question:long_text": 1
    }


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("header", "chosen", "sentence"),
    [
        (
            ["csat", "csat"],
            ["question:csat", "question:csat"],
            "Two columns are called “csat”. Leave one out.",
        ),
        (
            ["Email", "Mail", "csat"],
            ["email", "email", "question:csat"],
            "The columns “Email” and “Mail” both say: Mail address. Leave one out.",
        ),
        (
            ["a", "b"],
            ["question:csat", "question:csat"],
            "The columns “a” and “b” both say: csat: About csat?. Leave one out.",
        ),
        (
            ["a"],
            [""],
            "No column holds an answer. Name one of these in the first line: csat, long_text.",
        ),
        (
            ["Email"],
            ["email"],
            "No column holds an answer. Name one of these in the first line: csat, long_text.",
        ),
    ],
)
def test_columns_that_cannot_be_meant_are_refused_with_what_to_do(
    header: list[str], chosen: list[str], sentence: str
) -> None:
    with pytest.raises(DomainError) as refused:
        columns(header, chosen, version(*USUAL))
    assert refused.value.sentence == sentence


@pytest.mark.usefixtures("english")
def test_columns_that_are_left_out_may_have_one_name() -> None:
    assert columns(["x", "x", "csat"], ["", "", "question:csat"], version(*USUAL)).places == {
        "question:csat": 2
    }


@pytest.mark.usefixtures("english")
def test_everything_that_a_column_can_say_has_words() -> None:
    asked = version(*USUAL)
    for field, words in offered(asked):
        assert words == named(field, asked)
        assert words.strip()


def test_a_cell_that_has_no_column_is_empty() -> None:
    said = columns(["csat"], ["question:csat"], version(*USUAL))
    assert said.cell([" 4 "], "question:csat") == "4"
    assert said.typed([" 4 "], "question:csat") == " 4 "
    assert said.cell([" 4 "], "email") == ""
    assert "email" not in said
    assert "question:csat" in said
