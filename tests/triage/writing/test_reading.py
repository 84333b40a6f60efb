"""How a text is read: quotations are somebody else's, a place counts characters, and nothing is slow."""

import time

import pytest

from tests.hostile import UNKEEPABLE, WORDS
from tests.triage.writing.conftest import TODAY
from triage.writing.checking import MOST, Setting, check
from triage.writing.page import Page
from triage.writing.phrases import first_letters, places

pytestmark = pytest.mark.usefixtures("reading")
MUCH = {
    "line ends": "\n" * 40_000, "blanks": " " * 40_000, "accents": "e\u0301" * 20_000, "quotes": "'a" * 20_000, "open quotes": "“" * 20_000,
    "we": "we " * 13_000, "plans": "wij gaan " * 4_500, "dots": "." * 40_000 + "a", "days": "3 dec " * 6_000, "figures": "1/" * 20_000,
    "capitals": "A " * 20_000, "names": "Van De " * 6_000, "passives": "er is gemaakt " * 3_000, "bangs": "!" * 40_000, "one word": "a" * 40_000,
    "list": "\n- a" * 10_000, "half a phrase": "zo snel als " * 3_500, "longer when lower": "İ" * 20_000,
}  # fmt: skip


@pytest.mark.parametrize(
    "words", [*WORDS.values(), *UNKEEPABLE.values(), *MUCH.values()], ids=[*WORDS, *UNKEEPABLE, *MUCH]
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_whatever_is_written_is_read_in_time(words: str, language: str) -> None:
    for kind in ("planned", "wont_do"):
        began = time.process_time()
        found = check(words, language, TODAY, Setting(kind, "angry"))
        assert time.process_time() - began < 2
        assert len(found) <= MOST
        assert all(0 <= f.start <= f.end <= len(words) for f in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "nl",
            "Uw klacht was terecht. Wij lossen dit zo snel mogelijk op en komen erop terug. Op 3 november schreef u ons. ",
        ),
        (
            "en",
            "You were right. We will fix this as soon as possible and get back to you. On 3 November you wrote to us. ",
        ),
    ],
)
def test_a_thousand_characters_take_a_few_milliseconds(language: str, text: str) -> None:
    """Three and a half on a quiet machine; the bound leaves room for a busy one."""
    page, took = (text * 10)[:1000], []
    for _ in range(20):
        began = time.process_time()
        check(page, language, TODAY, Setting("planned", "angry"))
        took.append(time.process_time() - began)
    assert min(took) < 0.012


def test_a_place_is_counted_in_characters() -> None:
    text = "👨‍👩‍👧 We lossen dit zo snel mogelijk op."
    (one,) = check(text, "nl", TODAY)
    assert text[one.start : one.end] == "zo snel mogelijk"


def test_the_day_of_the_plan_stands_in_the_alternative() -> None:
    (one,) = check("Het komt binnenkort.", "nl", TODAY, Setting(day=TODAY))
    assert (one.instead, one.fits) == ("uiterlijk woensdag 25 november", True)


def test_without_a_day_the_alternative_is_an_example_and_is_not_put_in() -> None:
    (one,) = check("Binnenkort komt het.", "nl", TODAY)
    assert (one.instead, one.fits) == ("Uiterlijk vrijdag 4 december", False)


def test_in_an_action_the_mark_of_its_day_is_put_in() -> None:
    found = check("Tom will do it soon.", "en", TODAY, Setting("planned", mark="{due_on}"))
    assert [(f.rule, f.instead, f.fits) for f in found] == [("vague", "by {due_on}", True)]


def test_the_owner_stands_in_the_alternative() -> None:
    found = check("We'll look into it.", "en", TODAY, Setting(who="Bob Bakker"))
    assert found[0].instead.startswith("Bob Bakker will find out")


@pytest.mark.parametrize(
    "text",
    [
        "U zei “binnenkort”.",
        "U zei ‘binnenkort’.",
        'U zei "binnenkort".',
        "U zei „binnenkort”.",
        "U zei 'binnenkort'.",
        "U zei «binnenkort».",
    ],
)
def test_what_is_quoted_is_not_ours(text: str) -> None:
    assert not check(text, "nl", TODAY)


def test_an_apostrophe_opens_no_quotation() -> None:
    assert check("'s Ochtends en 's avonds komt het binnenkort.", "nl", TODAY)


def test_an_abbreviation_ends_no_sentence() -> None:
    page = Page("Dhr. Jansen belt u o.a. op 3 dec. aanstaande. Daarna niet.", "nl", TODAY)
    assert len(page.sentences) == 2


def test_the_opening_comes_after_the_greeting() -> None:
    page = Page("Beste mevrouw Jansen,\n\nU had gelijk. Kees kwam.", "nl", TODAY)
    assert page.text[: page.opening].endswith("U had gelijk.")


def test_without_a_kind_only_the_wording_is_judged() -> None:
    assert not check("De lamp komt.", "nl", TODAY)
    assert {f.rule for f in check("De lamp komt.", "nl", TODAY, Setting("planned"))} == {"nobody", "no_date"}


@pytest.mark.parametrize(
    ("expression", "letters"),
    [
        ("(?:we|ik) gaan", "wi"),
        ("(?:zeer )?spoedig", "zs"),
        ("zo?n", "z"),
        ("(?!de)het", "h"),
        (r"\d{1,2}", "0123456789"),
        ("a|b", "ab"),
    ],
)
def test_a_phrase_is_looked_for_only_where_it_can_begin(expression: str, letters: str) -> None:
    assert first_letters(expression) == set(letters)


def test_a_phrase_is_whole_words_with_any_blanks_between() -> None:
    assert list(places(("zo snel",), "nl", "zo  snel, zo\nsnel; zosnel, zo sneller, ozo snel")) == [
        (0, 8),
        (10, 17),
    ]


def test_what_is_left_out_leaves_no_blank_behind() -> None:
    assert list(places(("(very )?(time )?soon",), "en", "it comes soon")) == [(9, 13)]
    assert set(places(("(any)? ?soon",), "en", "it comes soon, in the monsoon")) == {(9, 13)}


def test_a_few_words_may_stand_between() -> None:
    text = "wij houden u over dit alles op de hoogte"
    assert list(places(("houden … op de hoogte",), "nl", text)) == [(4, len(text))]
    assert not list(places(("houden … op de hoogte",), "nl", "houden. op de hoogte"))
