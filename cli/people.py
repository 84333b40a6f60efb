"""Organisations, their colleagues, and keys for programs."""

import click
from flask.cli import AppGroup

from cli.failing import Ready
from core import clock

ORGANISATION = AppGroup("organisation", help="Organisations.")
API_KEY = AppGroup("api-key", help="Keys for programs.")
STAFF = AppGroup("staff", help="Colleagues.")
COMMANDS = (ORGANISATION, API_KEY, STAFF)
OF_ORGANISATION = click.option("--organisation", "slug", required=True)
ROLE = click.option("--role", type=click.Choice(["viewer", "agent", "manager", "admin"]), required=True)


@ORGANISATION.command("create", cls=Ready)
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--manager", required=True, help="'NAME <MAIL>'")
def organisation_create(slug: str, name: str, manager: str) -> None:
    """Make an organisation and its first person, an admin; prints their one-time link."""
    from accounts.commands import create_organisation

    click.echo(create_organisation(slug, name, manager, clock.now()))


@STAFF.command("invite", cls=Ready)
@OF_ORGANISATION
@ROLE
@click.argument("person")
def staff_invite(slug: str, role: str, person: str) -> None:
    """Invite PERSON ('NAME <MAIL>'); prints their one-time link."""
    from accounts.commands import invite

    click.echo(invite(slug, role, person, clock.now()))


@API_KEY.command("create", cls=Ready)
@OF_ORGANISATION
@ROLE
@click.option("--name", default="command line")
def key_create(slug: str, role: str, name: str) -> None:
    """Make a key; it is shown once, as the last word."""
    from accounts.commands import create_key

    click.echo(f"Keep it now, it is not shown again: {create_key(slug, role, name, clock.now())}")
