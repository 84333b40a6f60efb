"""Swearing is masked as whole words, with its inflections and disguises; good words that look like it are not."""

import pytest

from tests.hostile import WORDS
from triage.feeling.shielding import LANGUAGES, lists, read, shielded, swears

MASKED = [(text, shown) for language in LANGUAGES for text, shown in read(language)["examples"]["masked"]]
GOOD = [text for language in LANGUAGES for text in read(language)["examples"]["good"]]


@pytest.mark.parametrize(("text", "shown"), MASKED)
def test_the_first_letter_stays_and_the_others_are_stars(text: str, shown: str) -> None:
    assert shielded(text) == shown
    assert swears(text)


@pytest.mark.parametrize("text", GOOD)
def test_good_words_that_look_like_bad_ones_stay(text: str) -> None:
    assert shielded(text) == text
    assert not swears(text)


@pytest.mark.parametrize("name", WORDS)
def test_every_character_keeps_its_place(name: str) -> None:
    text = WORDS[name]
    masked = shielded(text)
    assert len(masked) == len(text)
    assert all(a == b or b == "*" for a, b in zip(text, masked, strict=True))


def test_a_masked_text_holds_nothing_to_mask() -> None:
    for text, _shown in MASKED:
        assert shielded(shielded(text)) == shielded(text)


def test_the_lists_are_written_as_words_are_compared() -> None:
    known = lists()
    for word in (*known.words, *known.starts, *known.unless, *known.unless_starts):
        assert word.isascii()
        assert word.isalpha()
        assert word == word.lower()


def test_no_word_is_listed_and_excused() -> None:
    known = lists()
    assert not known.words & known.unless
    assert not {word for word in known.words if word.startswith(known.unless_starts)}


@pytest.mark.parametrize("text", ["Mijn vader heeft kanker.", "De tyfus brak uit.", "Ik kocht klere goed."])
def test_illnesses_are_masked_as_curses_only(text: str) -> None:
    assert not swears(text)


def test_a_text_of_any_length_is_not_slow() -> None:
    for part in ("k u t ", "kut", "a ", "krijg de ", "fu" * 5, "****", "k.", "u" * 50):
        shielded(part * (5000 // len(part)))
