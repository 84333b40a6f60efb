"""CSV as other programs write it: every encoding and every sign between cells, and a line number for what cannot be read."""

import io

import pytest

from core.errors import DomainError
from core.spreadsheets.csv_files import csv_file
from core.spreadsheets.csv_reading import LONGEST_CELL, Sheet, as_written, sheet


def read(content: bytes) -> Sheet:
    return sheet(lambda: io.BytesIO(content))


def cells(content: bytes) -> list[list[str]]:
    return [row.cells for row in read(content).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.usefixtures("english")
def test_whoever_wrote_it(encoding: str, between: str) -> None:
    content = f"Naam{between}Woorden\r\nRené{between}“één”\r\n".encode(encoding)
    assert read(content).header == ("Naam", "Woorden")
    assert cells(content) == [["René", "“één”"]]


def test_a_sign_in_quotes_parts_nothing() -> None:
    assert read(b'"a;b;c",d\n1,2\n').delimiter == ","


def test_a_row_knows_the_line_on_which_it_begins() -> None:
    found = list(read(b'a,b\n1,"two\nlines"\n\n3,4\n').rows())
    assert [(row.line, row.cells) for row in found] == [(2, ["1", "two\nlines"]), (5, ["3", "4"])]


@pytest.mark.usefixtures("english")
def test_a_short_row_is_filled_and_a_long_one_refused() -> None:
    short, long = read(b"a,b\n1\n1,2,3\n").rows()
    assert short.cells == ["1", ""]
    assert long.error == "It has 3 cells; the first line names 2 columns."


@pytest.mark.usefixtures("english")
def test_a_quotation_mark_that_is_never_closed_costs_one_row_and_no_memory() -> None:
    content = b'a,b\n1,"' + b"x" * (2 * LONGEST_CELL)
    assert next(read(content).rows()).error.startswith("A cell is too long")


def test_a_file_of_ours_comes_back_as_it_was() -> None:
    said = ("=1+1", "-", "@x", "plain", "it's")
    assert cells(csv_file([("h1", "h2", "h3", "h4", "h5"), said])) == [list(said)]
    assert as_written("'plain") == "'plain"


def test_nothing_is_held_but_the_row_that_is_read() -> None:
    """The file is opened for each time it is read, and closed after."""
    opened: list[io.BytesIO] = []

    def source() -> io.BytesIO:
        opened.append(io.BytesIO(b"a\n" + b"1\n" * 10))
        return opened[-1]

    rows = sheet(source).rows()
    next(rows)
    rows.close()  # type: ignore[attr-defined]
    assert all(file.closed for file in opened)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"a\0b"])
def test_what_is_no_csv_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(DomainError):
        read(content)
