"""Lists as people have them: pasted lines, CSV of any kind, a workbook; and files that would do harm."""

import tracemalloc

import pytest

from core.errors import DomainError
from surveys.invitations.list_files import UNPACKED, of_file, pasted
from tests.surveys.sheets import packed, workbook

pytestmark = pytest.mark.usefixtures("english")
ROWS = [["email", "name"], ["zoë@example.com", "Zoë Ōe"]]
HEADINGS, ZOE = (1, ["email", "name"]), (2, ["zoë@example.com", "Zoë Ōe"])


@pytest.mark.parametrize(("line", "cells"), [
    ("rita@example.com", ["rita@example.com"]),
    ("Rita Ritsema <rita@example.com>", ["rita@example.com", "Rita Ritsema"]),
    ('"Ritsema, Rita" <rita@example.com>;', ["rita@example.com", "Ritsema, Rita"]),
    ("<rita@example.com>", ["rita@example.com", ""]),
    ("rita@example.com;Rita;nl", ["rita@example.com", "Rita", "nl"]),
    ("rita@example.com, Rita, nl", ["rita@example.com", " Rita", " nl"]),
    ("rita@example.com\tRita\tnl", ["rita@example.com", "Rita", "nl"]),
])  # fmt: skip
def test_a_line_is_read_as_it_was_pasted(line: str, cells: list[str]) -> None:
    assert list(pasted(line)) == [(1, cells)]


def test_empty_lines_are_no_people_and_lines_keep_their_numbers() -> None:
    assert [line for line, _cells in pasted("a@example.com\r\n\r\n  \r\nb@example.com\n")] == [1, 4]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_csv_is_read_in_any_usual_coding_and_with_any_usual_sign(coding: str, sign: str) -> None:
    text = "\r\n".join(sign.join(row) for row in ROWS)
    assert of_file(text.encode(coding)) == [HEADINGS, ZOE]


def test_csv_of_an_old_windows_is_read() -> None:
    assert of_file("email;name\nzo@example.com;Zoë €".encode("cp1252"))[1] == (2, ["zo@example.com", "Zoë €"])


def test_a_quoted_cell_with_a_line_end_keeps_the_numbers_right() -> None:
    found = of_file(b'email;address\na@example.com;"Markt 1\nMaastricht"\nb@example.com;\n')
    assert [(line, cells[0]) for line, cells in found] == [
        (1, "email"),
        (2, "a@example.com"),
        (4, "b@example.com"),
    ]


def test_a_workbook_is_read_by_its_first_sheet() -> None:
    assert of_file(workbook(ROWS)) == [HEADINGS, ZOE]


def test_a_number_in_a_workbook_reads_as_it_is_seen() -> None:
    assert of_file(workbook([["a@example.com", 1234.0, 1.5]])) == [(1, ["a@example.com", "1234", "1.5"])]


def test_empty_rows_of_a_workbook_are_no_people() -> None:
    assert [line for line, _ in of_file(workbook([["a@example.com"], [""], ["b@example.com"]]))] == [1, 3]


@pytest.mark.parametrize("data", [
    b"PK\x03\x04 but no workbook", packed({"a.txt": "nothing of a workbook"}), workbook([["a"]])[:-40], b'a;"' + b"x" * 200_000,
], ids=["cut off", "another zip", "half", "a cell without an end"])  # fmt: skip
def test_what_is_no_list_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(DomainError, match="cannot be read"):
        of_file(data)


@pytest.mark.security("a file that unpacks to the whole memory")
@pytest.mark.parametrize("data", [
    workbook([["a@example.com"]], extra="0" * (UNPACKED + 1)),
    workbook([["a@example.com"]], cells='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    workbook([["a@example.com"]], cells='<row r="2"><c s="1" r="XFD2"><v>1</v></c></row>'),
], ids=["unpacks to too much", "a cell at the end of the world", "a cell far to the right"])  # fmt: skip
def test_a_bomb_is_refused_and_takes_no_memory(data: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(DomainError, match=r"more than can be read|at most 20000 people"):
        of_file(data)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * 1024 * 1024
