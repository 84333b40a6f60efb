"""XLSX as spreadsheets read it: real numbers and moments, text that never is a formula, and one row in memory at a time."""

import tempfile
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

from flask import Response, send_file

from core.spreadsheets.csv_files import FORMULA, Row

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST, MOST_ROWS = 32_767, 1_048_576
"""Characters in a cell, and rows on a sheet with its heads: as many as a spreadsheet can hold."""
CUT = " […]"
OPTIONS = {
    "constant_memory": True, "in_memory": False, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
    "nan_inf_to_errors": True,
}  # fmt: skip


def xlsx_file(name: str, heads: Row, rows: Iterable[Row], most: int = MOST_ROWS) -> IO[bytes]:
    """A file without a name, at its beginning; whoever closes it has done away with it. A full sheet goes on on the next one.

    Each sheet has its heads, which stay in view.
    """
    from xlsxwriter import Workbook

    file = tempfile.TemporaryFile()  # noqa: SIM115 - it is handed over open
    with Workbook(file, OPTIONS) as book:
        book.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001 - no moment of writing: the same rows, the same bytes
        sheets = _Sheets(book, name, heads, most)
        for row in rows:
            sheets.write(row)
    file.seek(0)
    return file


def sent(file: IO[bytes], name: str) -> Response:
    """To be saved, and kept by nothing on the way."""
    answer = send_file(file, mimetype=MIMETYPE, as_attachment=True, download_name=f"{name}.xlsx")
    answer.headers["Cache-Control"] = "no-store"
    return answer


class _Sheets:
    """One after the other; a row is on the disk as soon as the next one comes."""

    def __init__(self, book: Any, name: str, heads: Row, most: int) -> None:
        self._book, self._name, self._heads, self._most = book, name, heads, most
        self._bold, self._moment = (
            book.add_format({"bold": True}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        )
        self._text = book.add_format({"quote_prefix": True})
        self._begin(1)

    def _begin(self, number: int) -> None:
        self._sheet, self._number, self._row = self._book.add_worksheet(self._called(number)), number, 1
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(self._heads) - 1, 18)
        for column, head in enumerate(self._heads):
            self._sheet.write_string(0, column, _fitting(str(head)), self._bold)

    def _called(self, number: int) -> str:
        return self._name if number == 1 else f"{self._name} {number}"

    def write(self, row: Row) -> None:
        if self._row == self._most:
            self._begin(self._number + 1)
        for column, cell in enumerate(row):
            self._cell(column, cell)
        self._row += 1

    def _cell(self, column: int, cell: Any) -> None:
        """Text is written as text, whatever it looks like; what begins like a formula stays so when it is edited."""
        if cell is None or cell == "":
            return
        if isinstance(cell, datetime):
            self._sheet.write_datetime(self._row, column, cell.replace(tzinfo=None), self._moment)
        elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
            self._sheet.write_number(self._row, column, cell)
        else:
            said = str(cell)
            self._sheet.write_string(self._row, column, _fitting(said), self._text if said.startswith(FORMULA) else None)  # fmt: skip


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
