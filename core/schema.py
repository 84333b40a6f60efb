"""The schema of the database and its version. Migrations expand, then contract; none goes back."""

from pathlib import Path

from sqlalchemy import inspect, text

from core import backup, clock
from core.db import db, writing
from core.errors import DomainError
from core.settings import ROOT, settings


def state() -> str:
    """empty, current, older or newer: the database beside the code. Alembic itself is loaded only to migrate."""
    with db.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        at = connection.scalar(text("SELECT version_num FROM alembic_version")) if "alembic_version" in tables else None
    known = revisions()
    if not tables:
        return "empty"
    return "current" if at == known[-1] else "older" if at is None or at in known else "newer"


def revisions() -> list[str]:
    """The numbers that the migrations' file names begin with, oldest first."""
    return sorted(file.stem.partition("_")[0] for file in (ROOT / "migrations" / "versions").glob("*.py"))


def require_current() -> None:
    """Make an empty database; refuse one that is older or newer than the code, with what to do."""
    found = state()
    if found == "empty":
        _upgrade()
    elif found == "older":
        raise DomainError("This database is older than the code. Run: flask db upgrade (it makes a backup first).")
    elif found == "newer":
        raise DomainError("This database is newer than the code. Install the newer version again; nothing goes back.")


def upgrade() -> Path | None:
    """Bring the database to the newest schema; returns the backup that was made of an older one."""
    found = state()
    if found == "newer":
        require_current()
    kept = backup.save(_backup_name()) if found == "older" and settings().sqlite else None
    if found in {"empty", "older"}:
        _upgrade()
    return kept


def _upgrade() -> None:
    """Under the writer's lock, so that two starts at once migrate once."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with writing():
        config.attributes["connection"] = db.session.connection()
        command.upgrade(config, "head")


def _backup_name() -> Path:
    return settings().folder / f"before-upgrade-{clock.now():%Y%m%dT%H%M%S}.backup"
