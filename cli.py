"""The commands, each over the same verbs as the pages."""

import json
import os
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core import backup, clock, jobs, schema
from core.csv_files import Row, csv_stream
from core.db import db, writing
from core.errors import DomainError
from core.models import Organisation
from core.settings import ROOT
from promises.ledger import Ledger, Scope, ledger

if TYPE_CHECKING:
    from surveys.models import Survey


class Sentences(click.Command):
    """A failure of the rules is printed as the sentence it is, in the language of the terminal: English."""

    def invoke(self, context: click.Context) -> Any:
        try:
            with force_locale("en"):
                return self.carry_out(context)
        except DomainError as error:
            raise click.ClickException(error.sentence) from error
        except OperationalError as error:
            raise click.ClickException(f"The database cannot be used: {str(error.orig).strip()}.") from error

    def carry_out(self, context: click.Context) -> Any:
        return super().invoke(context)


class Ready(Sentences):
    """Makes an empty database first; refuses one that is older or newer than the code, with what to do."""

    def carry_out(self, context: click.Context) -> Any:
        schema.require_current()
        return super().carry_out(context)


class TryAgain(click.ClickException):
    exit_code = 75
    """EX_TEMPFAIL of sysexits.h"""


class ForAMailServer(Ready):
    """Whatever fails, the mail server keeps the message and tries again: it takes any other number for a refusal."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except Exception as error:
            raise TryAgain(str(error) if isinstance(error, click.ClickException) else repr(error)) from error


DATABASE = AppGroup("db", help="The schema of the database.")
WHOLE = AppGroup("database", help="The database as a whole.")
DEMO = AppGroup("demo", help="Two organisations and their stories.")
LEDGER = AppGroup("ledger", help="Who was told.")
REPORT = AppGroup("report", help="PDF reports.")
MAIL = AppGroup("mail", help="Mail that comes in.")
SURVEY = AppGroup("survey", help="Surveys.")
ORGANISATION = AppGroup("organisation", help="Organisations.")
API_KEY = AppGroup("api-key", help="Keys for programs.")
STAFF = AppGroup("staff", help="Colleagues.")
EXPORT = AppGroup("export", help="Files for a spreadsheet.")
IMPORT = AppGroup("import", help="Answers that came in elsewhere.")
WRITING = AppGroup("writing", help="The writing aid.")


def init_commands(app: Flask) -> None:
    for group in (
        DATABASE,
        WHOLE,
        DEMO,
        LEDGER,
        REPORT,
        MAIL,
        SURVEY,
        ORGANISATION,
        API_KEY,
        STAFF,
        EXPORT,
        IMPORT,
        WRITING,
    ):
        app.cli.add_command(group)
    for command in (tick, run_clock, save, put_back, doctor):
        app.cli.add_command(command)


@DATABASE.command("upgrade", cls=Sentences)
def upgrade() -> None:
    """Bring the database to the newest schema; a backup is made first."""
    kept = schema.upgrade()
    click.echo(f"The database is up to date.{f' Its backup of before: {kept}' if kept else ''}")


@WHOLE.command("copy", cls=Ready)
@click.option(
    "--to",
    "url",
    required=True,
    help="postgresql://user:password@host/name, or sqlite:///file; an empty one.",
)
def copy_database(url: str) -> None:
    """Copy everything into another, empty database; stop the clock first. No mail leaves the copy until a person releases it."""
    from core.copying import copy_to

    copied = copy_to(url, lambda name, rows: click.echo(f"{name}: {rows}"))
    click.echo(f"Copied and counted: {sum(copied.values())} rows in {len(copied)} tables.")
    click.echo("Mail is on hold there until a manager releases it under /mailbox.")


@click.command("backup", cls=Ready)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def save(file: Path) -> None:
    """Write a verified copy of the database to FILE, with the mail-hold inside."""
    click.echo(f"Saved and verified: {backup.save(file)}")


@click.command("restore", cls=Sentences)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def put_back(file: Path) -> None:
    """Put the backup FILE in the place of the database; no mail leaves until a person releases it."""
    kept = schema.restore(file)
    click.echo(f"Restored. What was there before: {kept}")
    click.echo("Mail is on hold until a manager releases it under /mailbox.")


@click.command("tick", cls=Ready)
@click.option(
    "--now",
    "moment",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"]),
    help="ISO 8601, as if it were then.",
)
def tick(moment: datetime | None) -> None:
    """Do everything that is due, once."""
    from scheduler import TICKS

    now = clock.aware(moment) if moment else clock.now()
    for name, done in jobs.run_all(TICKS, now).items():
        click.echo(f"{name}: {done}")


@click.command("clock")
def run_clock() -> None:
    """Run the clock: a process of its own, without pages."""
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "scheduler"])  # noqa: S606 - it replaces this process


@click.command("doctor", cls=Sentences)
@click.option("--language", type=click.Choice(["nl", "en"]), default="en")
def doctor(language: str) -> None:
    """Look at everything an installation needs, and say what to do; exit 1 when something is broken."""
    from reports.doctor import examine, said

    broken = False
    with force_locale(language):
        for finding in examine(clock.now()):
            broken = broken or finding.state == "broken"
            click.echo(said(finding))
    sys.exit(int(broken))


@DEMO.command("load", cls=Ready)
def demo_load() -> None:
    """Load the demo; says so when it is there already."""
    from demo import load

    if load.is_loaded():
        click.echo("The demo is loaded already.")
    else:
        load.load_demo(click.echo, clock.now())


@DEMO.command("walk", cls=Ready)
def demo_walk() -> None:
    """Play the whole loop once, step by step; the last line is the path of the report."""
    from demo import walk

    click.echo(str(walk.walk(click.echo)))


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
@click.option("--survey", "slug", required=True)
@click.option(
    "--out", type=click.File("wb", lazy=True), default="-", help="A file; standard output unless said."
)
def export_ledger(slug: str, out: IO[bytes]) -> None:
    """Who was told: one line a respondent, as CSV."""
    from followup import exporting

    survey = _survey(slug)
    _write(exporting.pages(Scope(survey.organisation_id, survey.id)), out)


@EXPORT.command("responses", cls=Ready)
@click.option("--survey", "slug", required=True)
@click.option(
    "--out", type=click.File("wb", lazy=True), default="-", help="A file; standard output unless said."
)
def export_responses(slug: str, out: IO[bytes]) -> None:
    """Every answer: one row each, with themes, actions and whether they were told; `flask import responses` reads it."""
    from followup import exporting_answers

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
@click.option("--survey", "slug", required=True)
@click.option("--follow-up", "way", flag_value="follow_up", help="Everybody is owed a word, from today on.")
@click.option("--history", "way", flag_value="history", help="Counted, and never written to.")
@click.option("--dry-run", is_flag=True, help="Look at every row, and put in nothing.")
def import_responses(file: Path, slug: str, way: str | None, *, dry_run: bool) -> None:
    """Put in the answers of a CSV file; exit 1 when a row was refused. docs/how-to/import.md says more."""
    from followup.importing_commands import import_responses as bring_in

    if not way:
        raise click.UsageError("Say --follow-up (they are owed a word) or --history (nobody is told).")
    sys.exit(0 if bring_in(file, slug, way, clock.now(), dry_run=dry_run) else 1)


@REPORT.command("render", cls=Ready)
@click.option("--survey", "slug", required=True)
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


@MAIL.command("receive", cls=ForAMailServer)
@click.argument("file", type=click.File("rb"))
def receive(file: IO[bytes]) -> None:
    """Take in one message as an MTA's pipe hands it over; `-` reads standard input."""
    from outbox.reading import READ_LIMIT, read
    from outbox.receiving import take_in

    incoming = read(file.read(READ_LIMIT + 1))
    with writing():
        found = take_in(incoming, clock.now())
    click.echo(json.dumps(found))


@SURVEY.command("list", cls=Ready)
def survey_list() -> None:
    """One slug a line, oldest first."""
    from surveys.models import Survey

    for slug in db.session.scalars(select(Survey.slug).order_by(Survey.created_at, Survey.id)):
        click.echo(slug)


@ORGANISATION.command("create", cls=Ready)
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--manager", required=True, help="'NAME <MAIL>'")
def organisation_create(slug: str, name: str, manager: str) -> None:
    """Make an organisation and its first person, an admin; prints their one-time link."""
    from accounts.commands import create_organisation

    click.echo(create_organisation(slug, name, manager, clock.now()))


@WRITING.command("check", cls=Sentences)
@click.option("--language", type=click.Choice(["nl", "en"]), required=True)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="As if it were then.")
@click.option(
    "--kind", type=click.Choice(["done", "planned", "wont_do", "already", "thanks"]), help="Of action."
)
@click.option("--lines", is_flag=True, help="Each line is a text of its own.")
@click.argument("file", type=click.File("rb"))
def writing_check(
    language: str, today: datetime | None, kind: str | None, *, lines: bool, file: IO[bytes]
) -> None:
    """Read FILE (or `-`) as respondents will; a JSON line a finding, exit 1 when one blocks."""
    from triage.writing import commands

    day = (today or clock.now()).date()
    blocked = False
    for found in commands.findings(commands.read(file.read()), language, day, kind or "", lines=lines):
        blocked = blocked or found["severity"] == "error"
        click.echo(json.dumps(found, ensure_ascii=False))
    sys.exit(1 if blocked else 0)


@STAFF.command("invite", cls=Ready)
@click.option("--organisation", "slug", required=True)
@click.option("--role", type=click.Choice(["viewer", "agent", "manager", "admin"]), required=True)
@click.argument("person")
def staff_invite(slug: str, role: str, person: str) -> None:
    """Invite PERSON ('NAME <MAIL>'); prints their one-time link."""
    from accounts.commands import invite

    click.echo(invite(slug, role, person, clock.now()))


@API_KEY.command("create", cls=Ready)
@click.option("--organisation", "slug", required=True)
@click.option("--role", type=click.Choice(["viewer", "agent", "manager", "admin"]), required=True)
@click.option("--name", default="command line")
def key_create(slug: str, role: str, name: str) -> None:
    """Make a key; it is shown once, as the last word."""
    from accounts.commands import create_key

    click.echo(f"Keep it now, it is not shown again: {create_key(slug, role, name, clock.now())}")
