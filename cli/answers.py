"""Surveys and what came of them: lists, files, reports, and the proof that nobody was left out."""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select

from cli.failing import Ready
from core import clock
from core.db import db
from core.errors import DomainError
from core.models import Organisation
from core.spreadsheets.csv_files import Row, csv_stream
from promises.ledger import Ledger, Scope, ledger

if TYPE_CHECKING:
    from surveys.models import Survey

SURVEY = AppGroup("survey", help="Surveys.")
LEDGER = AppGroup("ledger", help="Who was told.")
EXPORT = AppGroup("export", help="Files for a spreadsheet.")
IMPORT = AppGroup("import", help="Answers that came in elsewhere.")
REPORT = AppGroup("report", help="PDF reports.")
COMMANDS = (SURVEY, LEDGER, EXPORT, IMPORT, REPORT)
OF_SURVEY = click.option("--survey", "slug", required=True)
OUT = click.option(
    "--out", type=click.File("wb", lazy=True), default="-", help="A file; standard output unless said."
)


@SURVEY.command("list", cls=Ready)
def survey_list() -> None:
    """One slug a line, oldest first."""
    from surveys.models import Survey

    for slug in db.session.scalars(select(Survey.slug).order_by(Survey.created_at, Survey.id)):
        click.echo(slug)


@LEDGER.command("verify", cls=Ready)
def verify() -> None:
    """Prove that nobody was left out; exit 1 when it does not add up."""
    kept = [
        (o, ledger(Scope(o.id))) for o in db.session.scalars(select(Organisation).order_by(Organisation.id))
    ]
    for organisation, found in kept:
        click.echo(
            _line(found, f"{organisation.slug}: ")
            + ("" if found.adds_up else f" missing={found.lost} messages_gone={found.unproven}")
        )
    total = [
        sum(n) for n in zip(*((f.responses, f.told, f.promised, f.unreached) for _, f in kept), strict=True)
    ] or [0] * 4
    click.echo("responses={} told={} promised={} unreachable={}".format(*total))
    sys.exit(0 if all(found.adds_up for _, found in kept) else 1)


def _line(found: Ledger, prefix: str) -> str:
    return f"{prefix}responses={found.responses} told={found.told} promised={found.promised} unreachable={found.unreached}"


@EXPORT.command("ledger", cls=Ready)
@OF_SURVEY
@OUT
def export_ledger(slug: str, out: IO[bytes]) -> None:
    """Who was told: one line a respondent, as CSV."""
    from followup.ledger import exporting

    survey = _survey(slug)
    _write(exporting.pages(Scope(survey.organisation_id, survey.id)), out)


@EXPORT.command("responses", cls=Ready)
@OF_SURVEY
@OUT
def export_responses(slug: str, out: IO[bytes]) -> None:
    """Every answer: one row each, with themes, actions and whether they were told; `flask import responses` reads it."""
    from followup.exports import exporting_answers

    _write(exporting_answers.pages(_survey(slug), clock.now()), out)


def _survey(slug: str) -> "Survey":
    from surveys.queries import by_slug

    survey = by_slug(slug)
    if not survey:
        raise DomainError(_("There is no survey at this address."))
    return survey


def _write(pages: Iterable[list[Row]], out: IO[bytes]) -> None:
    for part in csv_stream(pages):
        out.write(part)


@IMPORT.command("responses", cls=Ready)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@OF_SURVEY
@click.option("--follow-up", "way", flag_value="follow_up", help="Everybody is owed a word, from today on.")
@click.option("--history", "way", flag_value="history", help="Counted, and never written to.")
@click.option("--dry-run", is_flag=True, help="Look at every row, and put in nothing.")
def import_responses(file: Path, slug: str, way: str | None, *, dry_run: bool) -> None:
    """Put in the answers of a CSV file; exit 1 when a row was refused. docs/how-to/import.md says more."""
    from followup.imports.commands import import_responses as bring_in

    if not way:
        raise click.UsageError("Say --follow-up (they are owed a word) or --history (nobody is told).")
    sys.exit(0 if bring_in(file, slug, way, clock.now(), dry_run=dry_run) else 1)


@REPORT.command("render", cls=Ready)
@OF_SURVEY
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def render(slug: str, first: datetime, last: datetime, language: str, out: Path) -> None:
    """Write the PDF report of a survey over a period."""
    from reports.making import pdf_of

    data_at = pdf_of(slug, first.date(), last.date(), language, out)
    click.echo(
        f"{out}: newest fact {data_at:%Y-%m-%dT%H:%M:%SZ}" if data_at else f"{out}: no facts in this period"
    )
