"""Filling an empty installation in a hurry: the disk is waited for once, at the end, and not at each of 4,000 commits.

Only where nothing else is in the database: a machine that loses power meanwhile loses a demo.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from core.db import db
from core.models import Organisation
from core.settings import settings


@contextmanager
def hurrying() -> Iterator[None]:
    """On SQLite without an organisation; elsewhere as always. Connections of later have their manners back."""
    if not settings().sqlite or db.session.scalar(select(Organisation.id).limit(1)):
        yield
        return
    _pragma("synchronous=OFF")
    try:
        yield
    finally:
        db.session.rollback()
        db.engine.dispose()
        _pragma("wal_checkpoint(PASSIVE)")


def _pragma(text: str) -> None:
    """On the one connection that the pool holds while one thread works."""
    db.session.rollback()
    connection = db.engine.raw_connection()
    connection.cursor().execute(f"PRAGMA {text}").fetchall()
    connection.close()
