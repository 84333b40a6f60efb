"""A survey of LimeSurvey becomes a draft, as far as its kinds are ours; what is left out is said by name."""

from typing import Any

import pytest

from core.errors import DomainError
from surveys.builder.building import Draft
from surveys.kinds import KINDS
from surveys.limesurvey.kinds import KINDS_BY_TYPE, rule
from surveys.limesurvey.lime import from_file
from tests.browser import Colleague
from tests.each import each
from tests.pages import Page, get
from tests.surveys.limesurvey.lss import SURVEY, answer, document, line, newer, older, question
from tests.surveys.making import surveys

ASKED = [
    question(1, "L", "Kleur", "Welke <em>kleur</em>?", "Which colour?", mandatory="Y"),
    question(2, "F", "delen", "Hoe waren deze?", "How were these?"),
    question(3, "T", "waarom", "Waarom?", "Why?", relevance='((Kleur.NAOK == "A1"))'),
    question(4, "M", "wat", "Wat dan?", "What then?"),
    question(5, "Y", "ja", "Goed?", "Good?"),
]
LINES = [
    line(21, 2, "SQ1", "Tuin", "Garden"),
    line(22, 2, "SQ2", "Huis", "House"),
    line(41, 4, "a", "Eén", "One"),
    line(42, 4, "b", "Twee", "Two"),
]
ANSWERS = [
    answer(1, "A1", "Rood", "Red"),
    answer(1, "A2", "Blauw", "Blue"),
    answer(2, "A1", "Goed", "Good"),
    answer(2, "A2", "Slecht", "Bad"),
]


@pytest.mark.parametrize("written", [newer, older])
def test_what_is_ours_comes_along_from_files_of_both_makes(written: Any) -> None:
    held = from_file(written(ASKED, LINES, ANSWERS))
    assert (held.title, held.language, held.slug) == (
        {"nl": "Uw bezoek", "en": "Your visit"},
        "nl",
        "survey-7",
    )
    assert [(d.key, d.kind, d.required) for d in held.questions] == [
        ("kleur", "single_choice", True), ("delen", "matrix", False), ("waarom", "long_text", False), ("wat", "multiple_choice", False), ("ja", "yes_no", False),
    ]  # fmt: skip
    colour, parts, why, what, _good = held.questions
    assert colour.prompt == {"nl": "Welke kleur?", "en": "Which colour?"}
    assert colour.options["choices"] == [
        {"key": "A1", "words": {"nl": "Rood", "en": "Red"}},
        {"key": "A2", "words": {"nl": "Blauw", "en": "Blue"}},
    ]
    assert [one["words"]["en"] for one in parts.options["rows"]] == ["Garden", "House"]
    assert [one["key"] for one in parts.options["choices"]] == ["A1", "A2"]
    assert why.options == {"show_if": {"key": "kleur", "answers": ["A1"]}}
    assert [one["key"] for one in what.options["choices"]] == ["a", "b"]
    assert held.left_out == ["The words in tlh."]


def test_what_is_left_out_is_said_on_its_page_until_it_is_opened(alice: Colleague) -> None:
    strange = [question(8, "|", "bijlage", "Stuur een foto"), question(9, "L", "leeg", "Kies"), question(10, "5", "vijf", "Hoe goed?", relevance="rand() > 3"),
               question(11, "T", "duits", ""), question(12, "L", "anders", "Kies", other="Y")]  # fmt: skip
    sent = alice.post(
        "/surveys/file",
        data={
            "text": newer([*ASKED, *strange], LINES, [*ANSWERS, answer(12, "A1", "x"), answer(12, "A2", "y")])
        },
    )
    page = get(alice, sent.location)
    assert "What of the file could not come along" in page.words
    for sentence in ("“bijlage”: there is no such kind of question here", "“leeg”: it needs 2 to 100 answers", "“vijf”: when it is asked",
                     "“duits”: it has no words", "“anders”: the room for other words"):  # fmt: skip
        assert sentence in page.words
    alice.post(f"/surveys/{surveys()[0].id}/opening", data={"knowingly": "y"})
    assert "could not come along" not in get(alice, sent.location).words


@pytest.mark.parametrize("type", KINDS_BY_TYPE)
def test_every_type_with_a_kind_of_ours_can_be_asked(type: str) -> None:
    lines = [line(21, 1, "SQ1", "Tuin"), line(22, 1, "SQ2", "Huis")]
    held = from_file(
        newer([question(1, type, "q", "Wat?")], lines, [answer(1, "A1", "Rood"), answer(1, "A2", "Blauw")])
    )
    assert held.questions[0].kind == KINDS_BY_TYPE[type]
    assert held.questions[0].kind in KINDS


REFUSED = {
    "<document>": "This is no XML: it goes wrong in line 1",
    "<html/>": "no survey of LimeSurvey",
    "<document><surveys/></document>": "no survey of LimeSurvey",
    '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><document>&b;</document>': "refers to other files or defines words",
    '<!DOCTYPE x SYSTEM "file:///etc/passwd"><document/>': "refers to other files or defines words",
    "<document>" + "x" * 500_001: "larger than 500 kB",
    newer([question(1, "|", "a", "b")]): "Nothing in this file can be asked here: The words in tlh. “a”",
    newer([question(1, "T", "a", "b")], survey={"language": "tlh", "additional_languages": ""}): "This survey has words in tlh; here they are in nl, en, de,",
    document(questions=[{"qid": "x", "question_order": "²"}], surveys=[{"language": "nl"}]): "Nothing in this file",
}  # fmt: skip


@each("text", REFUSED)
def test_a_file_that_is_none_or_means_harm_is_refused_with_a_sentence(alice: Colleague, text: str) -> None:
    page = Page(alice.post("/surveys/file", data={"text": text}))
    assert REFUSED[text] in page.errors()["text"]
    assert surveys() == []


@pytest.mark.parametrize(("said", "held"), [("Y", True), ("N", False), ("", False)])
def test_what_knew_nobody_there_knows_nobody_here(said: str, held: bool) -> None:
    asked = [question(1, "T", "verhaal", "Vertel")]
    found = from_file(newer(asked, survey={**SURVEY, "anonymized": said, "format": "S" if held else "G"}))
    assert (found.anonymous, found.one_by_one) == (held, held)


def test_two_names_that_would_be_one_key_stay_two() -> None:
    held = from_file(
        newer(
            [
                question(1, "T", "Q-1", "a"),
                question(2, "T", "q_1", "b"),
                question(3, "T", "1", "c"),
                question(4, "T", "é" * 50, "d"),
            ]
        )
    )
    assert [d.key for d in held.questions] == ["q_1", "q_1_2", "q1", "q" + "_" * 36]


CHOICE = Draft("kleur", "single_choice", {}, options={"choices": [{"key": "A1"}, {"key": "A2"}]})
GOOD = Draft("goed", "yes_no", {})


@pytest.mark.parametrize(("relevance", "answers"), [
    ('Kleur == "A1"', ["A1"]), ('((Kleur.NAOK == "A1")) or (Kleur.NAOK == "A2")', ["A1", "A2"]), ('Goed.NAOK == "Y"', ["yes"]),
    ('Kleur == "A9"', None), ('Kleur == "A1" and Goed == "Y"', None), ('Kleur == "A1" or Goed == "Y"', None), ("1", None), ("", None), ("(" * 5000, None), ('Weg == "A1"', None),
])  # fmt: skip
def test_conditions_that_can_be_kept(relevance: str, answers: list[str] | None) -> None:
    found = rule(relevance, {"Kleur": CHOICE, "Goed": GOOD})
    assert (found["answers"] if found else None) == answers


def test_a_file_that_is_read_outside_a_page_raises_its_sentence() -> None:
    with pytest.raises(DomainError, match="no XML"):
        from_file("<")
