"""A file of answers that came in elsewhere: every row is looked at, and then all good ones are put in, or none."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from sqlalchemy import select

from core.db import db
from core.errors import Conflict, DomainError
from core.rows import WRITTEN
from core.spreadsheets.csv_reading import Row, Sheet, Source, sheet
from surveys.answering import Submission, closed_sentence
from surveys.answering_many import submit_many
from surveys.imports.columns import Columns, columns, guessed
from surveys.imports.rows import Reader
from surveys.models import Survey, Version
from surveys.models_responses import Response
from surveys.versions import published

SLICE = 200
"""Rows that are held at a time."""
IsHistory = Callable[[datetime | None], bool]


class Line(NamedTuple):
    """One row: the answer in it, or why it is refused; `known`: it is there already."""

    row: Row
    submission: Submission | None
    error: str = ""
    known: bool = False

    @property
    def fresh(self) -> bool:
        return self.submission is not None and not self.known


@dataclass(slots=True)
class Tally:
    """What was found so far. `messages`: people who will be written to."""

    total: int = 0
    good: int = 0
    bad: int = 0
    known: int = 0
    history: int = 0
    messages: int = 0

    def add(self, line: Line) -> None:
        self.total += 1
        self.known += line.known
        self.bad += not line.known and line.submission is None
        if line.submission and line.fresh:
            self.good += 1
            self.history += line.submission.history
            self.messages += not line.submission.history and line.submission.wants == "mail" and bool(line.submission.contact.email)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """A file, what its columns say, and the survey they are answers to."""

    survey: Survey
    version: Version
    sheet: Sheet
    chosen: tuple[str, ...]
    columns: Columns


def plan(survey: Survey, source: Source, chosen: Iterable[str] | None = None) -> Plan:
    """Columns as they are `chosen`, else as their names say. DomainError for a file or a survey that takes none."""
    version = published(survey)
    if not survey.is_open or not version:
        raise Conflict(closed_sentence(survey))
    read = sheet(source)
    said = tuple(guessed(read.header, version) if chosen is None else chosen)
    return Plan(survey, version, read, said, columns(read.header, said, version))


def lines(plan: Plan, is_history: IsHistory, now: datetime) -> Iterator[list[Line]]:
    """Every row of the file, some at a time."""
    reader = Reader(plan.survey, plan.version, plan.columns, is_history, now)
    rows = plan.sheet.rows()
    while some := list(islice(rows, SLICE)):
        yield _known(plan.survey, reader, [_line(reader, row) for row in some])


def _line(reader: Reader, row: Row) -> Line:
    if row.error:
        return Line(row, None, row.error)
    try:
        return Line(row, reader.submission(row.cells))
    except DomainError as error:
        return Line(row, None, error.sentence)


def _known(survey: Survey, reader: Reader, some: list[Line]) -> list[Line]:
    """Those that were put in before, or stood here from the beginning: a file of our own is recognised by number and moment."""
    nonces = [line.submission.nonce for line in some if line.submission]
    there = set(db.session.scalars(select(Response.nonce).where(Response.survey_id == survey.id, Response.nonce.in_(nonces))))  # fmt: skip
    ours = _ours(survey, reader, some)
    return [
        line._replace(known=True, error="")
        if (line.submission and line.submission.nonce in there) or line.row.line in ours
        else line
        for line in some
    ]


def _ours(survey: Survey, reader: Reader, some: list[Line]) -> set[int]:
    """Lines whose number and moment, to the second, are those of an answer to this survey."""
    said = {line.row.line: (id, at) for line in some if not line.row.error and (id := reader.own_id(line.row.cells)) and (at := _moment(reader, line.row))}  # fmt: skip
    ids = {id for id, _at in said.values()}
    if not ids:
        return set()
    found = select(Response.id, Response.submitted_at).where(
        Response.survey_id == survey.id, Response.id.in_(ids)
    )
    held = {(id, at.replace(microsecond=0)) for id, at in db.session.execute(found)}
    return {line for line, (id, at) in said.items() if (id, at.replace(microsecond=0)) in held}


def _moment(reader: Reader, row: Row) -> datetime | None:
    with suppress(DomainError):
        return reader.moment(row.cells)
    return None


@dataclass(frozen=True, slots=True)
class Spool:
    """The answers of a file, on the disk: read before others have to wait, however many they are."""

    file: IO[bytes]

    def add(self, some: list[Line]) -> None:
        """Those that are new."""
        pickle.dump([line.submission for line in some if line.fresh], self.file)

    def slices(self) -> Iterator[list[Submission]]:
        self.file.seek(0)
        with suppress(EOFError):
            while True:
                yield pickle.load(self.file)  # noqa: S301 - written by this process a moment ago, in a file that no other can open


@contextmanager
def spooled() -> Iterator[Spool]:
    with TemporaryFile() as file:
        yield Spool(file)


def put_in(version: Version, spool: Spool, now: datetime, told: Callable[[int], object] = int) -> int:
    """Inside one `writing()`: nobody sees one of them before the last. Returns how many are new; `told` hears of each slice."""
    made = 0
    for some in spool.slices():
        made += submit_many(_afresh(version), version, some, now)
        told(len(some))
    _afresh(version)
    return made


def _afresh(version: Version) -> Survey:
    """What was written is in the transaction: the session need not hold it, however long the file is."""
    session = db.session()
    session.flush()
    session.info.pop(WRITTEN, None)
    session.expunge_all()
    return session.get_one(Survey, version.survey_id)
