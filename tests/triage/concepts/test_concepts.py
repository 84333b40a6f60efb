"""What a comment is about: each list has an example in each language, and what only looks like it is left alone."""

import pytest

from tests.hostile import WORDS
from triage.concepts import BETWEEN, GAP, LANGUAGES, START, alike, book, concepts_of, topics


@pytest.mark.parametrize(
    ("concept", "language", "text"),
    [(c, lang, text) for c, held in topics().items() for lang in LANGUAGES for text in held["says"][lang]],
)
def test_each_is_found_in_its_example(concept: str, language: str, text: str) -> None:
    assert concept in concepts_of(text, language)


@pytest.mark.parametrize("concept", topics())
def test_each_speaks_both_languages_and_has_an_example_in_each(concept: str) -> None:
    held = topics()[concept]
    assert set(held) == {*LANGUAGES, "says"}
    assert all(held["says"][language] for language in LANGUAGES)


def plain(pattern: str) -> str:
    return pattern.replace("*", "").replace("…", "").strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_mean_the_same_find_each_of_their_own(language: str) -> None:
    """None is written in a way in which nobody would ever be found to say it."""
    for n, held in enumerate(alike()):
        for pattern in held[language].split(","):
            assert f"word {n}" in concepts_of(plain(pattern), language), pattern


def test_words_that_mean_the_same_meet_across_languages() -> None:
    for dutch, english in [
        ("De trappers kraken", "The pedals creak"),
        ("ketel viel uit", "the boiler cuts out"),
    ]:
        assert len(set(concepts_of(dutch, "nl")) & set(concepts_of(english, "en"))) >= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_part_of_a_word_has_enough_letters_to_say_something(language: str) -> None:
    parts = [word for words in book(language).starts.values() for word in words if "*" in word]
    assert parts
    assert not [word for word in parts if len(word.strip("*")) < START or "*" in word.strip("*")]


def test_a_compound_holds_what_it_is_about() -> None:
    assert "price" in concepts_of("De bezorgkosten", "nl")
    assert "courier" in concepts_of("De bezorgkosten", "nl")
    assert "lift" in concepts_of("Alweer een liftstoring", "nl")


def test_a_word_means_what_it_means_in_its_language() -> None:
    assert "courier" in concepts_of("The van was here", "en")
    assert "courier" not in concepts_of("De deur van de buren", "nl")


def test_a_whole_word_is_not_found_in_another() -> None:
    assert "leak" not in concepts_of("lekker", "nl")
    assert "school_course" not in concepts_of("alles", "nl")


@pytest.mark.parametrize(("between", "found"), [(0, True), (BETWEEN, True), (BETWEEN + 1, False)])
def test_a_phrase_may_have_a_few_words_in_between(between: int, found: bool) -> None:
    text = " ".join(["legde", *(f"x{n}" for n in range(between)), "uit"])
    assert any(GAP in rest for rest, _concept in book("nl").phrases["legde"])
    assert ("explanation_clear" in concepts_of(text, "nl")) is found


def test_each_is_said_once_in_the_order_in_which_it_came() -> None:
    assert concepts_of("lift kapot, lift stuk", "nl") == concepts_of("lift kapot", "nl")
    said, turned = (
        [c for c in concepts_of(text, "nl") if c in topics()] for text in ("lift garantie", "garantie lift")
    )
    assert said == turned[::-1] != turned


def test_another_language_says_nothing() -> None:
    assert concepts_of("Der Lift ist kaputt", "de") == ()


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS.keys())
@pytest.mark.parametrize("language", [*LANGUAGES, ""])
def test_whatever_people_write_it_is_read(text: str, language: str) -> None:
    known = {*topics(), *(f"word {n}" for n in range(len(alike())))}
    assert set(concepts_of(text, language)) <= known
