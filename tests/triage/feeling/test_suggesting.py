"""Each lexicon stands by its examples; what a comment suggests is plain, or nothing is suggested."""

import pytest

from tests.hostile import WORDS
from triage.feeling.shielding import LANGUAGES
from triage.feeling.suggesting import Lexicon, lexicons, suggested
from triage.models import EMOTIONS

LEXICONS = [(language, lexicon) for language in LANGUAGES for lexicon in lexicons(language)]


def named(value: object) -> str:
    return value.emotion if isinstance(value, Lexicon) else str(value)


@pytest.mark.parametrize(("language", "lexicon"), LEXICONS, ids=named)
def test_it_is_suggested_by_words_that_say_it(
    language: str, lexicon: Lexicon, subtests: pytest.Subtests
) -> None:
    for text in lexicon.examples["is"]:
        with subtests.test(text):
            assert suggested(text, language) == lexicon.emotion


@pytest.mark.parametrize(("language", "lexicon"), LEXICONS, ids=named)
def test_it_is_not_suggested_by_words_that_look_like_it(
    language: str, lexicon: Lexicon, subtests: pytest.Subtests
) -> None:
    for text in lexicon.examples["is_not"]:
        with subtests.test(text):
            assert suggested(text, language) != lexicon.emotion


def test_both_languages_know_every_emotion_and_nobody_is_neutral_by_guess() -> None:
    for language in LANGUAGES:
        assert {lexicon.emotion for lexicon in lexicons(language)} == {*EMOTIONS} - {"neutral"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "nl"), ("De deur is groen.", "nl"), ("The door is green.", "en"),
        ("Je suis furieux.", "fr"), ("Ich bin sehr zufrieden.", "de"),
        ("Ik ben blij met de fiets en woedend over de prijs.", "nl"), ("I love the bike and I am worried about the brakes.", "en"),
        ("Prima gemaakt, maar nu lekt het ergens anders.", "nl"), ("A good job, but it leaks elsewhere now.", "en"),
        ("Jammer.", "nl"), ("Good.", "en"),
    ],
)  # fmt: skip
def test_nothing_is_suggested_when_unsure(text: str, language: str) -> None:
    assert suggested(text, language) == ""


def test_strong_words_outweigh_a_mild_one() -> None:
    assert suggested("Helaas. Ik ben echt woedend, dit is schandalig.", "nl") == "angry"


def test_swearing_is_anger_unless_it_is_praise() -> None:
    assert suggested("Where the fuck did you leave it", "en") == "angry"
    assert suggested("Fucking brilliant, I love it", "en") != "angry"


@pytest.mark.parametrize("name", WORDS)
def test_whatever_is_typed_is_read(name: str) -> None:
    assert suggested(WORDS[name], "nl") in {"", *EMOTIONS}
