"""The attached CSV: opened as numbers and text, never as formulas."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spreadsheets.csv_files import FORMULA, csv_file
from reports.csv_files import comments_rows, figures_rows
from tests.reports import samples


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
@pytest.mark.security("formula injection")
def test_every_cell_comes_back_and_none_begins_like_a_formula(cells: list[str]) -> None:
    found = read(csv_file([("first", *cells)]))[0][1:]
    assert not any(cell.startswith(FORMULA) for cell in found)
    assert [
        cell.removeprefix("'") if typed.startswith(FORMULA) else cell
        for cell, typed in zip(found, cells, strict=True)
    ] == cells


@pytest.mark.usefixtures("english")
def test_figures_stand_in_full_beside_their_n() -> None:
    rows = read(csv_file(figures_rows(samples.figures(missing=3))))
    assert rows[0] == ["Subject", "Figure", "Value", "n", "Interval from", "Interval to"]
    assert ["Who was told", "Missing from the record", "3", "214", "", ""] in rows
    csat = next(row for row in rows if row[:2] == ["CSAT", "Period"])
    assert float(csat[2]) == 136 / 214
    assert ["Themes", "'=cmd|'/c calc'!A1", "11", "11", "", ""] in rows
    assert {len(row) for row in rows} == {6}


@pytest.mark.usefixtures("english")
def test_comments_stand_as_they_were_typed() -> None:
    rows = read(csv_file(comments_rows(samples.written(3))))
    assert rows[1] == ["2026-11-20", "1", "nl", samples.WORDS[0], "Dat doen we nu."]
