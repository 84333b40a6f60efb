"""Each kind of question at its bounds: what is an answer to it, what is none, and what is refused with a sentence."""

from typing import Any

import pytest
from flask import Flask

from core.errors import DomainError
from core.languages import in_language
from core.text import COMMENT_LIMIT
from surveys.emotions import EMOTIONS
from surveys.kinds import KINDS, Value
from surveys.kinds.names import KEYS, STARTERS, kind_words
from surveys.models import COMMENT_KINDS, SCALE_KINDS, Question
from surveys.models_responses import Answer
from tests.hostile import UNKEEPABLE, WORDS, as_kept

CHOICES = {
    "choices": [{"key": "1", "words": {"en": "The box"}}, {"key": "box", "words": {"nl": "De doos"}}],
    "rows": [{"key": "r1", "words": {"en": "Speed"}}],
}
SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7), "rating": (1, 5)}
TEXTS = {"short_text": 200, "long_text": COMMENT_LIMIT}
NO_ANSWER = (None, "")


def question(kind: str, **values: Any) -> Question:
    return Question(
        key=kind, kind=kind, prompt={"nl": "Hoe?", "en": "How?"}, help={}, options=CHOICES, **values
    )


def read(kind: str, sent: Any) -> Value | None:
    return KINDS[kind].read(question(kind), sent)


def refusal(kind: str, sent: Any) -> str:
    with pytest.raises(DomainError) as refused:
        read(kind, sent)
    return refused.value.sentence


pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"contact"}))
def test_no_answer_is_none(kind: str) -> None:
    assert [read(kind, sent) for sent in NO_ANSWER] == [None, None]


@pytest.mark.parametrize("kind", SCALES)
def test_a_scale_takes_its_ends_and_every_step(kind: str) -> None:
    first, last = SCALES[kind]
    for step in range(first, last + 1):
        assert read(kind, str(step)) == read(kind, step) == Value(number=float(step))


@pytest.mark.parametrize(
    ("kind", "number", "own", "as_read"),
    [
        ("csat", 2, [], "2 (dissatisfied)"),
        ("csat", 2, ["bah", "meh", "so", "ok", "top"], "2 (meh)"),
        ("csat", 2, ["bah", "top"], "2 (1 = bah, 5 = top)"),
        ("nps", 9, [], "9 (0 = not at all likely, 10 = extremely likely)"),
        ("ces", 7, [], "7 (1 = very difficult, 7 = very easy)"),
        ("rating", 1, [], "1 (1 = poor, 5 = excellent)"),
    ],
)
def test_a_number_on_a_scale_is_read_with_what_it_means(
    kind: str, number: int, own: list[str], as_read: str
) -> None:
    asked = Question(key=kind, kind=kind, prompt={}, options={"words": [{"en": one} for one in own]})
    assert KINDS[kind].words(Answer(question=asked, number=float(number)), "en") == as_read


@pytest.mark.parametrize("kind", SCALES)
@pytest.mark.parametrize("sent", [
    "-1", 11, "11", "1e0", "+1", " 1", "1 ", "01", "1.0", 1.0, 2.5, True, False, "٣", "３", "five", "1\x00", "NaN", float("nan"), 2**63, -(2**63), [1], {},
])  # fmt: skip
def test_a_scale_refuses_all_else(kind: str, sent: Any) -> None:
    first, last = SCALES[kind]
    assert refusal(kind, sent) == f"“{kind}” is a whole number from {first} to {last}."


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("csat", 0),
        ("csat", 6),
        ("nps", -1),
        ("nps", 11),
        ("ces", 0),
        ("ces", 8),
        ("rating", 0),
        ("rating", 6),
    ],
)
def test_one_beyond_either_end_is_refused(kind: str, sent: int) -> None:
    assert refusal(kind, sent)


@pytest.mark.parametrize(("sent", "kept"), [
    ("yes", "yes"), ("no", "no"), ("YES", "yes"), (True, "yes"), (False, "no"), ("true", "yes"), ("False", "no"),
])  # fmt: skip
def test_yes_and_no_in_the_ways_programs_say_it(sent: Any, kept: str) -> None:
    assert read("yes_no", sent) == Value(text=kept)


@pytest.mark.parametrize("sent", ["ja", "y", "1", 1, 0, "yes ", "yes\x00", "перhaps", [], "on"])
def test_what_is_neither_is_refused(sent: Any) -> None:
    assert refusal("yes_no", sent) == "“yes_no” is yes or no."


@pytest.mark.parametrize("sent", ["1", "box"])
def test_a_choice_is_named_by_its_key(sent: str) -> None:
    assert read("single_choice", sent) == Value(text=sent)


@pytest.mark.parametrize("sent", ["2", 1, True, "The box", "BOX", "1 ", ["1"], {"key": "1"}, "1\x00"])
def test_a_choice_that_was_not_offered_is_refused(sent: Any) -> None:
    assert refusal("single_choice", sent) == "“single_choice” is one of: 1, box."


@pytest.mark.parametrize("felt", EMOTIONS)
def test_a_feeling_is_one_word_of_ours(felt: str) -> None:
    assert read("emotion", felt) == Value(text=felt)


@pytest.mark.parametrize("sent", ["ecstatic", "Angry", "angry ", "boos", 1, True, ["angry"], {"angry": 1}])
def test_any_other_feeling_is_refused(sent: Any) -> None:
    assert refusal("emotion", sent).startswith("“emotion” is one of: impatient, frustrated, angry")


def test_whoever_is_glad_need_not_read_past_seven_words_first(wordy_app: Flask) -> None:
    with wordy_app.test_request_context("/"):
        field: Any = KINDS["emotion"].field(question("emotion"), "en")
    assert [c.value for c in field.kwargs["choices"]] == [*reversed(EMOTIONS)]


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_up_to_its_limit(kind: str) -> None:
    limit = TEXTS[kind]
    assert read(kind, "é" * limit) == Value(text="é" * limit)
    assert refusal(kind, "é" * (limit + 1)).startswith(f"This text is {limit + 1} characters long")


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("blank", [" ", "\n", "\t \r\n", "\u00a0", "\u2003"])
def test_blanks_are_no_answer(kind: str, blank: str) -> None:
    assert read(kind, blank) is None


def test_words_are_kept_as_typed(subtests: pytest.Subtests) -> None:
    for name, words in WORDS.items():
        with subtests.test(name):
            assert read("long_text", words) == Value(text=as_kept(words))


@pytest.mark.parametrize("name", UNKEEPABLE)
@pytest.mark.parametrize("kind", TEXTS)
def test_what_cannot_be_kept_is_refused(kind: str, name: str) -> None:
    assert "cannot be kept" in refusal(kind, UNKEEPABLE[name])


def test_who_somebody_is_is_never_an_answer() -> None:
    assert read("contact", {"email": "rita@example.com"}) is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_field_a_name_for_staff_and_a_start(kind: str, wordy_app: Flask) -> None:
    with wordy_app.test_request_context("/"):
        assert KINDS[kind].field(question(kind, required=True), "en")
        assert kind_words()[kind]
    assert STARTERS[kind][0]
    assert KINDS[kind].name == kind


def test_the_kinds_that_are_work_and_those_that_are_scores_exist() -> None:
    assert set(COMMENT_KINDS) <= set(KINDS)
    assert {kind for kind in KINDS if kind in SCALE_KINDS} == set(SCALES)
    assert set(KEYS) <= set(KINDS)


def test_words_fall_back_to_any_language_there_is() -> None:
    assert in_language({"nl": "Hoe?", "en": "How?"}, "en") == "How?"
    assert in_language({"nl": "Hoe?"}, "en") == "Hoe?"
    assert in_language({}, "en") == ""
