"""CSV as spreadsheets read it: UTF-8 with BOM, quoted by RFC 4180, and no cell a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")  # the full-width forms too
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
Row = tuple[Any, ...]


def csv_file(rows: Iterable[Row]) -> bytes:
    """The whole of it; text that begins like a formula gets an apostrophe before it."""
    return BOM + csv_lines(rows)


def csv_stream(pages: Iterable[Iterable[Row]]) -> Iterator[bytes]:
    """The same a page at a time, so that memory does not grow with the rows."""
    yield BOM
    yield from (csv_lines(rows) for rows in pages)


def csv_lines(rows: Iterable[Row]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([[neutral(cell) for cell in row] for row in rows])
    return written.getvalue().encode()


def neutral(cell: Any) -> Any:
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return "'" + cell
    return cell
