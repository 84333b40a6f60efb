"""Whether two comments say the same, held against pairs that a person labelled."""

from pathlib import Path

import pytest

from tests.hostile import WORDS
from triage.likeness import likeness, telling

PAIRS = [
    line.split("\t")
    for line in (Path(__file__).parent / "same_complaint.tsv").read_text("utf-8").splitlines()
]
"""(tuned or held, language, yes or no, the one, the other). `held` were written after the measure was fixed, and never looked at for it."""


def found(kind: str, label: str, language: str = "") -> tuple[int, int]:
    """(how many are offered, of how many)"""
    those = [p for p in PAIRS if p[0] == kind and p[2] == label and language in {"", p[1]}]
    return sum(likeness(one, other).same for *_labels, one, other in those), len(those)


def test_no_other_complaint_is_offered_as_the_same() -> None:
    """All of them are about the same thing or place, so that only what is wrong with it tells them apart."""
    assert found("tuned", "no") == (0, 28)
    assert found("held", "no") == (0, 8)


def test_of_the_same_in_other_words_more_than_half_is_found() -> None:
    assert found("tuned", "yes") == (17, 28)
    assert found("held", "yes") == (5, 8)


@pytest.mark.parametrize(("one", "other"), [(p[3], p[4]) for p in PAIRS[::7]])
def test_it_is_the_same_whichever_comes_first(one: str, other: str) -> None:
    assert likeness(one, other).share == likeness(other, one).share


def test_what_everybody_says_says_nothing() -> None:
    assert telling("Ik wil graag een reactie op mijn klacht, alvast bedankt") == ()
    assert not likeness("Thank you very much for the help.", "Thank you very much for the help.").same


def test_a_compound_meets_its_word_and_a_tense_its_verb() -> None:
    shared = likeness("De cvketel lekte over de trapleuning heen.", "Er lekt een ketel bij de leuning.").words
    assert shared == ("cvketel", "lekte", "trapleuning")


def test_two_numbers_meet_only_when_they_are_the_same() -> None:
    assert likeness("Order 48213 lamp", "Order 48214 lamp").words == ("lamp",)


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS)
def test_any_text_can_be_measured(text: str) -> None:
    assert 0 <= likeness(text, "The box was torn.").share <= 100
    assert likeness(text, "").share == 0
