"""The schema of the database and its version. Migrations expand, then contract; none goes back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from core import backup, clock
from core.db import db, writing
from core.errors import DomainError
from core.settings import ROOT, settings


def state() -> str:
    """empty, current, older or newer: the database beside the code."""
    with db.engine.connect() as connection:
        if not inspect(connection).get_table_names():
            return "empty"
        at = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(_config())
    if at == script.get_current_head():
        return "current"
    return "older" if at is None or at in {r.revision for r in script.walk_revisions()} else "newer"


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
    with writing():
        config = _config()
        config.attributes["connection"] = db.session.connection()
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def _backup_name() -> Path:
    return settings().folder / f"before-upgrade-{clock.now():%Y%m%dT%H%M%S}.backup"
