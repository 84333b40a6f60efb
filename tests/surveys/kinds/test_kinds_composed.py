"""The kinds whose answer is more than a number or a text: what is kept of them, what is refused, how it reads."""

import json
from typing import Any

import pytest

from core.errors import DomainError
from surveys.kinds import KINDS, Value
from surveys.models import Question
from surveys.models_responses import Answer
from tests.hostile import DAYS, UNKEEPABLE, WORDS

OPTIONS = {
    "choices": [
        {"key": "a", "words": {"nl": "De doos", "en": "The box"}},
        {"key": "b", "words": {"nl": "De koerier", "en": "The courier"}},
        {"key": "c", "words": {"nl": "De prijs", "en": "The price"}},
    ],
    "rows": [{"key": "r1", "words": {"en": "Speed"}}, {"key": "r2", "words": {"en": "Kindness"}}],
}
COMPOSED = ("multiple_choice", "ranking", "matrix", "expectation_gap")
NEVER = [
    0,
    1,
    True,
    2.5,
    "d",
    "a\x00",
    ["d"],
    [["a"]],
    [1],
    {"a": 1},
    {"r1": "d"},
    {"r9": "a"},
    {"expected": 1},
]

pytestmark = pytest.mark.usefixtures("english")


def question(kind: str, **values: Any) -> Question:
    return Question(key=kind, kind=kind, prompt={"en": "How?"}, help={}, options=OPTIONS, **values)


def read(kind: str, sent: Any) -> Value | None:
    return KINDS[kind].read(question(kind), sent)


def refusal(kind: str, sent: Any) -> str:
    with pytest.raises(DomainError) as refused:
        read(kind, sent)
    return refused.value.sentence


def words(kind: str, sent: Any, language: str = "en") -> str:
    value = read(kind, sent)
    assert value
    return KINDS[kind].words(Answer(question=question(kind), number=value.number, text=value.text), language)


@pytest.mark.parametrize("kind", COMPOSED)
@pytest.mark.parametrize("sent", NEVER, ids=str)
def test_what_was_not_offered_is_refused_with_what_is(kind: str, sent: Any) -> None:
    assert refusal(kind, sent).startswith(f"“{kind}” is a")


@pytest.mark.parametrize(("kind", "sent"), [
    ("multiple_choice", []), ("ranking", []), ("matrix", {}), ("expectation_gap", {}),
    ("expectation_gap", {"expected": None, "experienced": None}), ("consent", False), ("hidden", " \n "),
])  # fmt: skip
def test_nothing_chosen_is_no_answer(kind: str, sent: Any) -> None:
    assert read(kind, sent) is None


def test_several_answers_are_kept_in_the_order_of_the_list() -> None:
    assert read("multiple_choice", ["c", "a", "a"]) == Value(text='["a", "c"]')
    assert read("multiple_choice", "b") == Value(text='["b"]')
    assert words("multiple_choice", ["c", "a"], "nl") == "De doos, De prijs"


def test_a_key_outside_ascii_is_kept_readable() -> None:
    options = {
        "choices": [{"key": "Prijs €", "words": {"nl": "Prijs €"}}, {"key": "b", "words": {"nl": "b"}}]
    }
    value = KINDS["multiple_choice"].read(
        Question(key="m", kind="multiple_choice", options=options), ["Prijs €"]
    )
    assert value == Value(text='["Prijs €"]')


def test_an_order_names_everything_once() -> None:
    assert read("ranking", ["b", "c", "a"]) == Value(text='["b", "c", "a"]')
    assert words("ranking", ["b", "c", "a"]) == "1. The courier 2. The price 3. The box"
    for sent in (["a", "b"], ["a", "b", "b"], ["a", "b", "c", "a"]):
        assert refusal("ranking", sent) == "“ranking” is a list, in order, of all of: a, b, c."


def test_lines_may_be_left_open() -> None:
    assert read("matrix", {"r2": "c"}) == Value(text='{"r2": "c"}')
    assert words("matrix", {"r2": "c", "r1": "a"}) == "Speed: The box; Kindness: The price"


@pytest.mark.parametrize(("expected", "experienced", "gap"), [(5, 1, -4.0), (3, 3, 0.0), ("1", "5", 4.0)])
def test_a_gap_is_what_they_got_minus_what_they_expected(expected: Any, experienced: Any, gap: float) -> None:
    value = read("expectation_gap", {"expected": expected, "experienced": experienced})
    assert value
    assert value.number == gap
    assert json.loads(value.text or "") == {"expected": int(expected), "experienced": int(experienced)}


def test_both_values_of_a_gap_are_read_not_the_difference_alone() -> None:
    assert words("expectation_gap", {"expected": 5, "experienced": 2}) == "expected 5, got 2 (of 5)"


@pytest.mark.parametrize("bad", [0, 6, -1, "٣", True, None, "", 2.0, "1 "])
def test_both_ends_of_a_gap_are_bounds(bad: Any) -> None:
    assert refusal("expectation_gap", {"expected": 3, "experienced": bad})
    assert refusal("expectation_gap", {"expected": bad, "experienced": 3})


@pytest.mark.parametrize("day", ["1900-01-01", "2026-11-26", "2024-02-29", "2100-12-31"])
def test_a_day_up_to_its_bounds(day: str) -> None:
    assert read("date", day) == Value(text=day)


@pytest.mark.parametrize("day", [
    "1899-12-31", "2101-01-01", "2026-02-29", "2026-1-1", "20261126", "2026-W48-4", "２０２６-11-26", 20261126, True, [], *[d for d in DAYS if d],
], ids=str)  # fmt: skip
def test_what_is_no_such_day_is_refused(day: Any) -> None:
    assert refusal("date", day) == "“date”: Give a day from 1900 to 2100, such as 2026-11-26."


def test_a_day_reads_as_its_reader_says_it() -> None:
    assert [words("date", "2026-11-26", language) for language in ("nl", "en")] == [
        "26 november 2026",
        "November 26, 2026",
    ]


@pytest.mark.parametrize("sent", [True, "true", "yes"])
def test_a_consent_is_said(sent: Any) -> None:
    assert read("consent", sent) == Value(text="yes")
    assert words("consent", sent) == "I agree"


@pytest.mark.parametrize("sent", [1, 0, "y", "on", "perhaps", [], {}], ids=str)
def test_nothing_else_is_a_consent(sent: Any) -> None:
    assert refusal("consent", sent) == "“consent” is true or false."


def test_a_hidden_value_is_one_line_of_bounded_length(subtests: pytest.Subtests) -> None:
    for name, typed in {**WORDS, "NUL": UNKEEPABLE["NUL"]}.items():
        with subtests.test(name):
            value = read("hidden", typed)
            assert value
            assert value.text
            assert len(value.text) <= 200
            assert value.text.isprintable() or name in {"right to left", "joiners", "families and flags"}


@pytest.mark.parametrize(("kind", "said", "data"), [
    ("csat", ["4", "5"], "4"), ("csat", ["4\x00"], None), ("multiple_choice", ["c", "a"], ["a", "c"]),
    ("multiple_choice", ["a,b,nothing"], ["a", "b"]), ("multiple_choice", ["nothing"], []), ("date", ["2026-11-26"], "2026-11-26"),
    ("hidden", ["A-17"], "A-17"), ("consent", ["yes"], None), ("contact", ["rita@example.com"], None),
    ("expectation_gap", ["3"], None), ("ranking", ["a"], None), ("matrix", ["a"], None),
])  # fmt: skip
def test_what_an_address_may_say_beforehand(kind: str, said: list[str], data: Any) -> None:
    """A consent, and who somebody is, nobody fills in for somebody else."""
    assert KINDS[kind].said(question(kind), said) == data
