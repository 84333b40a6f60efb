"""What was looked for is marked in a comment, and a long comment is shown from where it is."""

import pytest

from surveys.models import Survey
from tests.browser import Colleague
from tests.desk import said
from tests.hostile import WORDS
from tests.pages import get
from triage.inbox.highlighting import excerpt, pieces


def marked(text: str, q: str) -> str:
    return "".join(f"[{piece}]" if hit else piece for piece, hit in pieces(text, q))


@pytest.mark.parametrize(
    ("text", "q", "shown"),
    [
        ("The Box, the boxes.", "box", "The [Box], the [boxes]."),
        ("Één café", "een CAFE", "[Één] [café]"),
        ("Cafe\u0301 dicht", "café", "[Cafe\u0301] dicht"),
        ("100% kapot", "100%", "[100]% kapot"),
        ("inbox", "box", "inbox"),
        ("nothing", "", "nothing"),
        ("nothing", "%", "nothing"),
        ("", "box", ""),
    ],
)
def test_the_words_that_were_found_are_marked(text: str, q: str, shown: str) -> None:
    assert marked(text, q) == shown


@pytest.mark.parametrize("text", ["A box, the Boxes_box inbox.", "BOX", "box1 xbox _box", "1 2 10", "a.box"])
def test_a_text_without_accents_is_marked_by_the_same_rule(text: str) -> None:
    """A faster way is taken there; an accent after it changes nothing before it."""
    for q in ("box", "BOX a", "1", "b 2", "é"):
        assert marked(text, q) == marked(f"{text} é", q).removesuffix(" [é]").removesuffix(" é")


def test_a_sign_that_only_looks_like_a_letter_is_none_of_it() -> None:
    assert marked("kilo", "\u212ailo") == "[kilo]"
    assert marked("a kilo", "K") == "a [kilo]"


def test_what_stands_between_two_hits_is_one_part() -> None:
    assert pieces("The box, my box!", "box") == [
        ("The ", False),
        ("box", True),
        (", my ", False),
        ("box", True),
        ("!", False),
    ]


@pytest.mark.parametrize("name", WORDS)
def test_not_a_character_is_lost_or_added(name: str) -> None:
    assert "".join(piece for piece, _ in pieces(WORDS[name], "a box 1")) == WORDS[name]


def test_a_long_comment_is_shown_from_shortly_before_the_first_hit() -> None:
    text = "word " * 300 + "needle " + "word " * 300
    assert "needle" in excerpt(text, "needle")
    assert excerpt(text, "needle").startswith("… ")
    assert len(excerpt(text, "needle")) <= 402
    assert excerpt(text, "nowhere") == excerpt(text) == text[:400]


def test_a_mark_is_markup_and_the_words_are_text(bob: Colleague, survey: Survey, now: object) -> None:
    said(survey, now, "<b>box</b> torn")  # type: ignore[arg-type]
    page = get(bob, "/inbox?q=box")
    assert "&lt;b&gt;<mark>box</mark>&lt;/b&gt;" in page.html
