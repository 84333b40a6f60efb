"""A spreadsheet: what it holds is read back by another library, and what it must not be is looked for in its bytes."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core.spreadsheets.csv_files import FORMULA, Row
from core.spreadsheets.xlsx_files import LONGEST, xlsx_file

HEADS = ("Name", "n")
MARKUP = (
    "http://example.com",
    "mailto:a@b.nl",
    "internal:Sheet1!A1",
    "{=SUM(1)}",
    "1e5",
    "</t><f>1</f>",
    "&amp;",
)


def made(*given: Any, **more: Any) -> io.BytesIO:
    with xlsx_file(*given, **more) as file:
        return io.BytesIO(file.read())


def read(file: IO[bytes], sheet: int = 0) -> list[list[Any]]:
    file.seek(0)
    return CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_index(sheet).to_python()


def inside(file: IO[bytes]) -> str:
    file.seek(0)
    with zipfile.ZipFile(file) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


def test_numbers_and_moments_are_such_and_text_is_what_was_written() -> None:
    moment = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)
    rows = [("Łódź 😀", 3, 0.25, moment, None, ""), ("0612345678", -1, 1e10, "2026-11-26", True, "x")]
    found = read(made("Answers", ("a", "b", "c", "d", "e", "f"), rows))
    assert found[1][:4] == ["Łódź 😀", 3, 0.25, moment.replace(tzinfo=None)]
    assert found[2] == ["0612345678", -1, 1e10, "2026-11-26", "True", "x"]


@pytest.mark.security("formula injection")
@pytest.mark.parametrize("sign", [sign for sign in FORMULA if sign.isprintable()])
def test_nothing_is_a_formula_not_even_when_the_cell_is_edited(sign: str) -> None:
    text = f"{sign}cmd|' /c calc'!A1"
    file = made("Answers", HEADS, [(text, 1)])
    assert read(file)[1][0] == text
    assert "<f>" not in inside(file)
    assert 'quotePrefix="1"' in inside(file)


@pytest.mark.parametrize("text", MARKUP)
def test_text_is_no_link_no_array_and_no_markup(text: str) -> None:
    file = made("Answers", HEADS, [(text, 1)])
    assert read(file)[1][0] == text
    assert not [part for part in ("<f>", "<f ", "hyperlink") if part in inside(file)]


def test_a_text_that_no_cell_can_hold_is_cut_and_says_so() -> None:
    long = read(made("Answers", HEADS, [("x" * 50_000, 1)]))[1][0]
    assert len(long) == LONGEST
    assert long.endswith(" […]")


def test_a_full_sheet_goes_on_on_the_next_one_with_its_heads() -> None:
    file = made("Answers", HEADS, [(f"p{n}", n) for n in range(5)], most=3)
    assert [read(file, n)[1:] for n in range(3)] == [
        [["p0", 0], ["p1", 1]],
        [["p2", 2], ["p3", 3]],
        [["p4", 4]],
    ]
    assert read(file, 2)[0] == list(HEADS)


def test_without_rows_it_holds_its_heads() -> None:
    assert read(made("Answers", HEADS, [])) == [list(HEADS)]


def test_the_same_rows_are_the_same_bytes() -> None:
    def rows() -> Iterator[Row]:
        yield from ((f"p{n}", n) for n in range(3))

    assert made("Answers", HEADS, rows()).read() == made("Answers", HEADS, rows()).read()


sound = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20)


@given(st.lists(st.tuples(sound, st.integers(-(10**6), 10**6)), max_size=5))
def test_whatever_people_write_comes_back(rows: list[tuple[str, int]]) -> None:
    assert read(made("Answers", HEADS, rows))[1:] == [list(row) for row in rows]
