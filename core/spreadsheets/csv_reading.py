"""CSV as other programs write it: UTF-8 with or without BOM, UTF-16, or Windows-1252; commas, semicolons or tabs between cells."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, NamedTuple

from flask_babel import gettext as _

from core.errors import DomainError
from core.spreadsheets.csv_files import FORMULA

Source = Callable[[], BinaryIO]
"""Opens the file anew, from its beginning."""
DELIMITERS = (",", ";", "\t")
LONGEST_CELL = 100_000
CHUNK = 1 << 16
MOST_COLUMNS = 200
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class Row(NamedTuple):
    """`line`: where it begins in the file, counted from 1. `error`: why its cells cannot be told apart."""

    line: int
    cells: list[str]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file whose header was read."""

    source: Source
    encoding: str
    delimiter: str
    header: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """Each row under the header, some at a time: memory does not grow with the file. Empty ones are passed over."""
        with _text(self.source, self.encoding) as text:
            yield from islice(_records(text, self.delimiter, len(self.header)), 1, None)


def sheet(source: Source) -> Sheet:
    """What kind of file it is; DomainError with a sentence for what is no CSV."""
    with source() as file:
        encoding = encoding_of(file)
    with _text(source, encoding) as text:
        delimiter = max(DELIMITERS, key=_outside_quotes(text.readline(LONGEST_CELL)).count)
    with _text(source, encoding) as text:
        header = next(_records(text, delimiter, MOST_COLUMNS), None)
    if not header or header.error:
        raise DomainError(
            header.error if header else _("This file is empty. The first line names the columns.")
        )
    names = [cell.strip() for cell in header.cells]
    last = max(n for n, name in enumerate(names, 1) if name)
    return Sheet(source, encoding, delimiter, tuple(names[:last]))


def encoding_of(file: BinaryIO) -> str:
    """By its first bytes, else UTF-8 where all of it is, else what Windows programs write."""
    start = file.read(4)
    if start.startswith(WORKBOOKS):
        raise DomainError(_("This is a workbook, not a CSV file. Save it as “CSV UTF-8” and try again."))
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder, chunk = codecs.getincrementaldecoder("utf-8")(), start
    while chunk:
        if b"\0" in chunk:
            raise DomainError(_("This file holds no text. Save it as “CSV UTF-8” and try again."))
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            return "cp1252"
        chunk = file.read(CHUNK)
    return "utf-8-sig"


def _text(source: Source, encoding: str) -> io.TextIOWrapper:
    """A byte that Windows-1252 does not know becomes a sign that says so."""
    return io.TextIOWrapper(source(), encoding, errors="replace", newline="")


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _records(text: io.TextIOWrapper, delimiter: str, width: int) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text, delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(line, [], _("A cell is too long, or a quotation mark is never closed."))
            continue
        if any(cell.strip() for cell in cells):
            yield _row(line, cells, width)


def _row(line: int, cells: list[str], width: int) -> Row:
    if any(cells[width:]):
        more = _("It has %(n)d cells; the first line names %(width)d columns.", n=len(cells), width=width)
        return Row(line, cells, more)
    return Row(line, [as_written(cell) for cell in cells[:width]] + [""] * (width - len(cells)))


def as_written(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from reading a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
