"""Rows of cells out of what somebody pasted or uploaded: lines, CSV of any usual kind, or a sheet of a workbook.

A workbook is looked at before it is opened: one that unpacks to very much, or has a cell far away, would fill the memory.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from core.errors import DomainError

Row = tuple[int, list[str]]
"""(line, cells); lines count from 1."""
UNPACKED = 30 * 1024 * 1024
"""Bytes of a workbook once it is unpacked."""
ROWS, COLUMNS = 20_000, 100
_CELL = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_NAMED = re.compile(r"\s*\"?([^<>\"]*?)\"?\s*<\s*([^<>]*)>[\s;,]*")
PIECE = 1024 * 1024


def pasted(text: str) -> Iterator[Row]:
    """An address a line: `Name <mail>`, or cells between ; , or tabs."""
    lines = text.replace("\x00", "").splitlines()
    sign = _separator(next((line for line in lines if line.strip()), ""))
    for number, line in enumerate(lines, start=1):
        if named := _NAMED.fullmatch(line):
            yield number, [named[2].strip(), named[1].strip()]
        elif line.strip():
            yield number, next(csv.reader([line], delimiter=sign), [])


def of_file(data: bytes) -> list[Row]:
    """DomainError with a sentence for what no spreadsheet would open."""
    try:
        return _workbook(data) if data.startswith(b"PK\x03\x04") else list(_csv(_decoded(data)))
    except (
        CalamineError,
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        csv.Error,
        NotImplementedError,
        EOFError,
        OSError,
    ):
        raise DomainError(
            _("This file cannot be read. Save it as CSV or XLSX, without a password, and choose it again.")
        ) from None


def _decoded(data: bytes) -> str:
    """As spreadsheets write it: with a mark of its coding, else UTF-8, else what Windows writes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _csv(text: str) -> Iterator[Row]:
    first = text.lstrip().splitlines()[:1]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(first[0] if first else ""))
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _separator(line: str) -> str:
    """The sign that stands in it most often; a semicolon where none does."""
    return max(";,\t", key=lambda sign: (line.count(sign), sign == ";"))


def _workbook(data: bytes) -> list[Row]:
    _refuse_a_bomb(data)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    if not book.sheet_names:
        return []
    cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    rows = [(n, [_as_text(cell) for cell in row]) for n, row in enumerate(cells, start=1)]
    return [(n, row) for n, row in rows if any(cell.strip() for cell in row)]


def _as_text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)


def _refuse_a_bomb(data: bytes) -> None:
    """Counted while it is unpacked: what a file says about itself may not be so."""
    left = UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            sheet = entry.filename.startswith("xl/worksheets/")
            with archive.open(entry) as file:
                left = _looked_through(file, left, sheet)


def _looked_through(file: Any, left: int, sheet: bool) -> int:
    """How many bytes are left of those it may unpack to."""
    tail = b""
    while piece := file.read(PIECE):
        left -= len(piece)
        if left < 0:
            raise DomainError(
                _("This file holds more than can be read at once. Keep only the sheet with the addresses.")
            )
        if sheet:
            _refuse_far_cells(tail + piece)
            tail = piece[-200:]
    return left


def _refuse_far_cells(xml: bytes) -> None:
    for column, row in _CELL.findall(xml):
        if int(row) > ROWS + 1 or _number(column) > COLUMNS:
            raise DomainError(too_long())


def _number(column: bytes) -> int:
    """A → 1, AA → 27"""
    found = 0
    for letter in column:
        found = found * 26 + letter - 64
    return found


def too_long() -> str:
    return _(
        "A list holds at most %(rows)d people and %(columns)d columns. Make it shorter, or send it in parts.",
        rows=ROWS,
        columns=COLUMNS,
    )
