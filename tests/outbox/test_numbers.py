"""Numbers that can be called, addresses that a letter reaches, and what time it is where a number rings."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from core.errors import DomainError
from customers.reaching_them import checked, checked_postal
from outbox.numbers import checked_number, there
from tests.hostile import WORDS


@pytest.fixture(autouse=True)
def words(wordy_app: Flask) -> Flask:
    return wordy_app


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("043 123 45 67", "NL", "+31 43 123 4567"),
        ("+31 (0)43-1234567", "NL", "+31 43 123 4567"),
        ("0031431234567", "NL", "+31 43 123 4567"),
        ("0612345678", "NL", "+31 6 12345678"),
        ("+44 20 7946 0958", "NL", "+44 20 7946 0958"),
        ("02 512 34 56", "BE", "+32 2 512 34 56"),
    ],
)
def test_a_number_is_kept_as_it_is_dialled_from_anywhere(typed: str, country: str, kept: str) -> None:
    assert checked_number(typed, country) == kept


@pytest.mark.parametrize(
    "typed", ["", "12", "043 123", "call me", "+999 123 456 789", "1" * 300, "\x00", *WORDS.values()]
)
def test_what_is_no_number_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(DomainError, match="is not a phone number"):
        checked_number(typed, "NL")


@pytest.mark.parametrize(
    ("hour", "number", "zone", "quiet"),
    [
        (8, "+31 43 123 4567", "Europe/Amsterdam", False),
        (7, "+31 43 123 4567", "Europe/Amsterdam", True),
        (19, "+31 43 123 4567", "Europe/Amsterdam", True),
        (9, "+81 3 1234 5678", "Asia/Tokyo", False),
        (12, "+81 3 1234 5678", "Asia/Tokyo", True),
        (9, "no number at all", "Europe/Amsterdam", False),
        (9, "+7 495 123 45 67", "Europe/Moscow", False),
        (19, "+800 1234 5678", "Europe/Amsterdam", True),
    ],
)
def test_quiet_hours_are_those_where_it_rings(hour: int, number: str, zone: str, quiet: bool) -> None:
    found = there(number, "Europe/Amsterdam", datetime(2026, 11, 26, hour, tzinfo=UTC))
    assert (found.timezone, found.quiet) == (zone, quiet)


def test_a_postal_address_keeps_its_lines() -> None:
    assert (
        checked_postal("  Dorpsstraat 1 \r\n\r\n6211 AB  Maastricht\n")
        == "Dorpsstraat 1\n6211 AB  Maastricht"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Dorpsstraat 1",
        "\n\n",
        "a\n" * 6,
        "x" * 500,
        f"{'x' * 46}\nTown",
        "Street\x00\nTown",
        "a\ud800\nb",
    ],
)
def test_what_is_no_postal_address_is_refused(typed: str) -> None:
    with pytest.raises(DomainError):
        checked("letter", typed, "NL")
