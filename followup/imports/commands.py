"""`flask import responses`: a file of answers that came in elsewhere, from the terminal."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from core import audit
from core.db import db, writing
from core.errors import DomainError
from core.text import COMMENT_LIMIT, one_line
from followup.imports import importing
from followup.imports.rows_jobs import MOST_REFUSED, refused_file
from followup.steps.large_steps import usual_if_large
from surveys.imports.columns import named
from surveys.imports.importing import Line, Plan, Spool, Tally, lines, plan, put_in, spooled
from surveys.imports.models import Import
from surveys.models import Survey
from surveys.queries import by_slug

SHOWN = 3
"""Answers of the preview."""
CELL = 40
ACTOR = "command line"


class Found(NamedTuple):
    """What every row is, and the first of those that were refused."""

    tally: Tally
    refused: list[Line]
    first: list[Line]
    spool: Spool


def import_responses(file: Path, slug: str, way: str, now: datetime, *, dry_run: bool) -> bool:
    """Look at every row, show what will come of it, and put in the good ones together. False when some were refused."""
    survey, shown = _survey(slug), Console(stderr=True, highlight=False, soft_wrap=True)
    read = plan(survey, lambda: file.open("rb"))
    with spooled() as spool:
        found = _look(read, way, spool, shown, now)
        _preview(read, found, shown)
        if dry_run:
            click.echo("Nothing was put in: this was --dry-run.")
        else:
            _put_in_or_hold(read, file, way, found, shown, now)
    return not found.tally.bad


def _survey(slug: str) -> Survey:
    survey = by_slug(slug)
    if not survey:
        raise DomainError("There is no survey at this address. `flask survey list` names them.")
    return survey


def _look(read: Plan, way: str, spool: Spool, shown: Console, now: datetime) -> Found:
    found = Found(Tally(), [], [], spool)
    is_history = importing.older_than_reply_time(read.survey, way, now)
    with _bar(shown) as bar:
        task = bar.add_task("Looking at rows", total=_ends_of_line(read))
        for some in lines(read, is_history, now):
            bar.advance(task, len(some))
            spool.add(some)
            for line in some:
                _add(found, line, bar)
        bar.update(task, total=found.tally.total)
    return found


def _add(found: Found, line: Line, bar: Progress) -> None:
    found.tally.add(line)
    if line.fresh and len(found.first) < SHOWN:
        found.first.append(line)
    elif line.error and not line.known:
        bar.console.print(f"line {line.row.line}: {line.error}", markup=False)
        if len(found.refused) < MOST_REFUSED:
            found.refused.append(line)


def _ends_of_line(read: Plan) -> int:
    with read.sheet.source() as file:
        return sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b""))


def _preview(read: Plan, found: Found, shown: Console) -> None:
    table = Table("Column", "What it says", *(f"line {line.row.line}" for line in found.first), title=None)
    for row in _columns(read, found.first):
        table.add_row(*row)
    shown.print(table, markup=False)
    tally = found.tally
    shown.print(
        f"{tally.total} rows: {tally.good} new ({tally.history} as history), {tally.known} there already, {tally.bad} refused; "
        f"{tally.messages} people will be written to.", markup=False,
    )  # fmt: skip


def _columns(read: Plan, first: list[Line]) -> Iterator[tuple[str, ...]]:
    for place, (name, field) in enumerate(zip(read.sheet.header, read.chosen, strict=True)):
        said = named(field, read.version) if field else "(left out)"
        yield _short(name), _short(said), *(_short(line.row.cells[place]) for line in first)


def _short(text: str) -> str:
    line = one_line(text, COMMENT_LIMIT).replace("[", "\\[")
    return line if len(line) <= CELL else line[: CELL - 1] + "…"


def _put_in_or_hold(read: Plan, file: Path, way: str, found: Found, shown: Console, now: datetime) -> None:
    usual = usual_if_large(read.survey.organisation_id, found.tally.messages, now)
    if usual is None:
        made = _put_in(read, file, way, found, shown, now)
        click.echo(f"responses={made}")
        return
    held = _hold(read, file, way, found, now)
    click.echo(f"{found.tally.messages} people would be written to; a usual day has {usual} messages. So a manager looks first: /imports/{held}")  # fmt: skip
    click.echo("responses=0")


def _put_in(read: Plan, file: Path, way: str, found: Found, shown: Console, now: datetime) -> int:
    """Nothing new leaves no trace."""
    if not found.tally.good:
        return 0
    with _bar(shown) as bar, audit.acting(ACTOR), writing():
        task = bar.add_task("Putting them in", total=found.tally.good)
        made = put_in(read.version, found.spool, now, lambda n: bar.advance(task, n))
        held = importing.record(_fresh(read), read, file.name, way, None, now)
        importing.finished(_counted(held, found.tally, now), made, now)
    return made


def _fresh(read: Plan) -> Survey:
    """What was read before is read again, since it may have changed while we waited."""
    return db.session.get_one(Survey, read.version.survey_id)


def _counted(made: Import, tally: Tally, now: datetime) -> Import:
    made.chosen_at = made.checked_at = made.wanted_at = now
    made.looked = made.total = tally.total
    made.bad, made.known, made.messages = tally.bad, tally.known, tally.messages
    return made


def _hold(read: Plan, file: Path, way: str, found: Found, now: datetime) -> int:
    content, refused = file.read_bytes(), refused_file(read, found.refused)
    kept = importing.read(read.survey, content, now)
    with audit.acting(ACTOR), writing():
        held = importing.begin(_fresh(read), kept, file.name, content, None, now)
        importing.choose(held, way, read.chosen, now)
        importing.checked(held, found.tally, refused, now)
        importing.want(held, None, now)
        return held.id


def _bar(shown: Console) -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=shown)
