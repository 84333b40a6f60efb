"""Filling an empty installation in a hurry: the disk is waited for once, at the end, and not at each of 4,000 commits.

Only where nothing else is in the database: a machine that loses power meanwhile loses a demo.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app
from sqlalchemy import event, select

from core.database.turns import Turns
from core.db import db
from core.models import Organisation
from core.settings import settings


@contextmanager
def hurrying() -> Iterator[None]:
    """On SQLite without an organisation; elsewhere as always. Connections of later have their manners back."""
    if not settings().sqlite or db.session.scalar(select(Organisation.id).limit(1)):
        yield
        return
    _start_anew()
    turns: Turns = current_app.extensions["turns"]
    event.listen(db.engine, "connect", _hurry)
    lasting, turns.lasting = turns.lasting, False
    try:
        yield
    finally:
        turns.lasting = lasting
        event.remove(db.engine, "connect", _hurry)
        _start_anew()
        _write_all_down()


def _start_anew() -> None:
    """From here on every connection is a new one."""
    db.session.rollback()
    db.engine.dispose()


def _hurry(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _write_all_down() -> None:
    connection = db.engine.raw_connection()
    connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    connection.close()
