"""Words are kept as typed; only what no system could keep is refused."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from core.errors import DomainError
from core.text import COMMENT_LIMIT, as_typed, one_line, search_key

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"))


@effort(max_examples=200, deadline=None)
@given(WORDS)
def test_words_stay_as_they_are(text: str) -> None:
    assert as_typed(text) == text


def test_line_ends_become_one_kind() -> None:
    assert as_typed("a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_the_limit_is_in_characters_and_line_ends_count_once(app: Flask) -> None:
    assert len(as_typed("🙂" * COMMENT_LIMIT)) == COMMENT_LIMIT
    assert len(as_typed("\r\n" * COMMENT_LIMIT)) == COMMENT_LIMIT
    with pytest.raises(DomainError, match="5001"):
        as_typed("x" * (COMMENT_LIMIT + 1))


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "x\udfff", "\ud83d\ude42"], ids=ascii)
def test_what_cannot_be_kept_is_refused(app: Flask, text: str) -> None:
    with pytest.raises(DomainError):
        as_typed(text)


@effort(max_examples=200, deadline=None)
@given(st.text())
def test_a_name_is_one_line_without_control_characters(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 200
    assert line == " ".join(line.split())
    assert line.isprintable() or all(c.isprintable() or c.isspace() or ord(c) > 0x7F for c in line)


@pytest.mark.security("header injection")
@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  Rita \t Ritsema ", "Rita Ritsema"),
        ("a\r\nBcc: b", "a Bcc: b"),
        ("a\u2028b\u2029c", "a b c"),
        ("a\x00b\ud800", "a b"),
        ("x" * 300, "x" * 200),
    ],
    ids=ascii,
)
def test_what_would_break_a_header_becomes_a_space(typed: str, line: str) -> None:
    assert one_line(typed) == line


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RITA@Example.com ", "rita@example.com"),
        ("Ünal", "ünal"),
        ("cafe\u0301", "CAFÉ"),
        ("Straße", "STRASSE"),
    ],
)
def test_what_a_person_takes_for_the_same_is_compared_as_the_same(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)
