"""What arrives as an id is one that a row can have, or none at all."""

import pytest

from core.ids import LAST, row_id


@pytest.mark.parametrize("text", ["1", "0", "007", str(LAST)])
def test_a_number_that_a_row_can_have(text: str) -> None:
    assert row_id(text) == int(text)


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "1e3", " 1", "x", "٣", str(LAST + 1), "9" * 5000])
def test_anything_else_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match="no id"):
        row_id(text)
