"""The schema of the database and its version. Migrations expand, then contract; none goes back.

Alembic is loaded where something is migrated, and nowhere else: a process that finds all as it should be keeps 7 MB.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blinker import Signal
from sqlalchemy import Connection, inspect, text

from core import backup, rooms
from core.db import db, writing
from core.errors import DomainError
from core.settings import ROOT, settings

if TYPE_CHECKING:
    from alembic.config import Config
NEWER = "This database is newer than the code. Install the newer version again; nothing goes back."
restored = Signal("restored")
"""An older copy stands in the place of the database: who was erased since is in it again."""
TURN = 7_413_250_927
"""The number of the lock under which PostgreSQL is migrated; any number that nobody else uses."""


def state() -> str:
    """empty, current, older or newer: the database beside the code."""
    with db.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        if not tables:
            return "empty"
        known = "alembic_version" in tables
        return _compared(
            connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None
        )


def _compared(version: str | None) -> str:
    known = versions()
    if version == known[-1]:
        return "current"
    return "older" if version is None or version in known else "newer"


def versions() -> list[str]:
    """All there are, oldest first: a migration is named by its number, and follows the one before."""
    return sorted(file.name[:4] for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def load_models() -> None:
    """Every table of every room is known to the metadata."""
    list(rooms.modules("models*.py"))


def require_current() -> None:
    """Make an empty database; refuse one that is older or newer than the code, with what to do."""
    found = state()
    if found == "empty":
        _upgrade()
    elif found == "older":
        raise DomainError(
            "This database is older than the code. Run: flask db upgrade (it makes a backup first)."
        )
    elif found == "newer":
        raise DomainError(NEWER)


def upgrade() -> Path | None:
    """Bring the database to the newest schema; returns the backup that was made of an older one."""
    found = state()
    if found == "newer":
        raise DomainError(NEWER)
    kept = backup.save(backup.beside("before-upgrade")) if found == "older" and settings().sqlite else None
    if found in {"empty", "older"}:
        _upgrade()
    return kept


def restore(file: Path) -> Path:
    """Put a backup in the place of the database, at the newest schema; returns where the one before is kept."""
    if _compared(backup.verify(file)) == "newer":
        raise DomainError(f"{file} is newer than the code. Install the newer version first.")
    kept = backup.restore(file)
    db.session.remove()
    db.engine.dispose()
    upgrade()
    restored.send()
    return kept


def _upgrade() -> None:
    """Under a lock, so that two starts at once migrate once; all of it or nothing."""
    from alembic import command

    with writing(), db.engine.connect() as connection, _loose(connection), connection.begin():
        config = _config()
        config.attributes["connection"] = connection
        if not settings().sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        command.upgrade(config, "head")
        _refuse_broken(connection)


@contextmanager
def _loose(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: meanwhile, what refers to the old one must not be deleted with it."""
    raw: Any = connection.connection.dbapi_connection if settings().sqlite else None
    if raw:
        raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        if raw:
            raw.execute("PRAGMA foreign_keys=ON")


def _refuse_broken(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first() if settings().sqlite else None
    if broken:
        raise DomainError(f"The upgrade would break references of {broken[0]}; nothing was changed.")


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config
