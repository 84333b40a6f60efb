"""Threats are found in both languages, each by its kind; good sentences with the same words are not."""

import pytest

from tests.hostile import WORDS
from triage.feeling.shielding import LANGUAGES
from triage.feeling.threats import read, threat
from triage.models import THREATS

FOUND = [
    (text, kind) for language in LANGUAGES for kind in THREATS for text in read(language)["examples"][kind]
]
GOOD = [text for language in LANGUAGES for text in read(language)["examples"]["good"]]


@pytest.mark.parametrize(("text", "kind"), FOUND)
def test_a_threat_is_found_by_its_kind(text: str, kind: str) -> None:
    assert threat(text) == kind
    assert threat(f"De doos was kapot.\n{text.upper()}\nBah.") == kind


@pytest.mark.parametrize("text", GOOD)
def test_good_sentences_with_the_same_words_are_none(text: str) -> None:
    assert threat(text) == ""


def test_the_gravest_one_counts() -> None:
    assert threat("Ik schakel mijn advocaat in. Ik wil dood.") == "self_harm"


@pytest.mark.parametrize("name", WORDS)
def test_whatever_is_typed_is_read(name: str) -> None:
    assert threat(WORDS[name]) in {"", *THREATS}
