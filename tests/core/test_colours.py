"""Contrast by WCAG's own formula, and a colour that is darkened until it can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.colours import LEAST, WHITE, contrast, is_colour, readable

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(("one", "other", "ratio"), [
    ("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48), ("#767676", "#FFFFFF", 4.54), ("#ff0000", "#ffffff", 4.0),
])  # fmt: skip
def test_contrast_is_what_wcag_says(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(one, other) == contrast(other, one)


@given(colours)
def test_every_colour_becomes_one_that_can_be_read_and_stays_where_it_can(colour: str) -> None:
    used = readable(colour)
    assert is_colour(used)
    assert contrast(used, WHITE) >= LEAST
    assert (used == colour) is (contrast(colour, WHITE) >= LEAST)


def test_yellow_stays_yellow_only_darker() -> None:
    red, green, blue = bytes.fromhex(readable("#ffdd00")[1:])
    assert red > green > blue == 0


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1234567", "#ffffff;}", "#fffff\n", "#gggggg"])
def test_what_is_no_colour(text: str) -> None:
    assert not is_colour(text)
