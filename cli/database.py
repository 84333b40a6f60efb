"""The database: its schema, copies and backups."""

from pathlib import Path

import click
from flask.cli import AppGroup

from cli.failing import Ready, Sentences
from core import backup, schema

DATABASE = AppGroup("db", help="The schema of the database.")
WHOLE = AppGroup("database", help="The database as a whole.")


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
    from core.database.copying import copy_to

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


COMMANDS = (DATABASE, WHOLE, save, put_back)
