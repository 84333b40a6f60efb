"""What keeps an installation going: the clock, mail that comes in, its doctor, the demo, the writing aid."""

import json
import os
import sys
from datetime import datetime
from typing import IO

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from cli.failing import ForAMailServer, Ready, Sentences
from core import clock, jobs
from core.db import writing
from core.settings import ROOT

DEMO = AppGroup("demo", help="Two organisations and their stories.")
MAIL = AppGroup("mail", help="Mail that comes in.")
WRITING = AppGroup("writing", help="The writing aid.")


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


@MAIL.command("receive", cls=ForAMailServer)
@click.argument("file", type=click.File("rb"))
def receive(file: IO[bytes]) -> None:
    """Take in one message as an MTA's pipe hands it over; `-` reads standard input."""
    from outbox.incoming.reading import READ_LIMIT, read
    from outbox.incoming.receiving import take_in

    incoming = read(file.read(READ_LIMIT + 1))
    with writing():
        found = take_in(incoming, clock.now())
    click.echo(json.dumps(found))


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


COMMANDS = (DEMO, MAIL, WRITING, tick, run_clock, doctor)
