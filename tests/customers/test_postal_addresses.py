"""A postal address stands in the window of an envelope: a few short lines, whatever somebody types."""

from contextlib import suppress

import pytest
from flask import Flask

from core.errors import DomainError
from customers.reaching_them import LINES, WIDE, checked_postal
from tests.hostile import UNKEEPABLE, WORDS

STREET = "Dorpsstraat 1"


@pytest.fixture(autouse=True)
def english(app: Flask) -> object:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield


def of(lines: int, width: int = len(STREET)) -> str:
    return "\n".join("x" * width for _ in range(lines))


@pytest.mark.parametrize("lines", range(2, LINES + 1))
def test_two_to_five_lines_are_an_address(lines: int) -> None:
    assert checked_postal(of(lines)) == of(lines)


@pytest.mark.parametrize("lines", [0, 1, LINES + 1, 100])
def test_fewer_or_more_are_not(lines: int) -> None:
    with pytest.raises(DomainError):
        checked_postal(of(lines))


@pytest.mark.parametrize(("width", "fits"), [(1, True), (WIDE, True), (WIDE + 1, False), (5_000, False)])
def test_a_line_has_forty_five_characters_at_most(width: int, fits: bool) -> None:
    if fits:
        assert checked_postal(of(LINES, width)) == of(LINES, width)
    else:
        with pytest.raises(DomainError):
            checked_postal(of(2, width))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\n   \n", "  \n  "])
def test_blank_lines_and_every_kind_of_line_end_are_taken(end: str) -> None:
    assert checked_postal(f"{end}{STREET}{end}6211 AB Maastricht{end}") == f"{STREET}\n6211 AB Maastricht"


@pytest.mark.parametrize("name", UNKEEPABLE)
def test_a_character_that_cannot_be_kept_is_a_sentence(name: str) -> None:
    with pytest.raises(DomainError, match="cannot be kept"):
        checked_postal(f"{STREET}\n{UNKEEPABLE[name]}")


@pytest.mark.parametrize("name", WORDS)
def test_any_words_are_an_address_that_fits_or_a_sentence(name: str) -> None:
    with suppress(DomainError):
        lines = checked_postal(f"{STREET}\n{WORDS[name]}").split("\n")
        assert 2 <= len(lines) <= LINES
        assert max(map(len, lines)) <= WIDE
        assert all(line == line.strip() and line for line in lines)
