"""The database: sound, at the newest schema, and its log of what is being written not too long."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import schema
from core.db import db
from core.findings import Finding, attention, broken, ok, unknown
from core.settings import settings

LONG = 256 << 20
"""Bytes of a log that no checkpoint could shorten: somebody reads for ever, or nothing closes what it opened."""


def soundness(_now: datetime) -> Iterator[Finding]:
    name = _("Database")
    try:
        found = _complaints() if settings().sqlite else db.session.scalars(text("SELECT 'ok'")).all()
    except SQLAlchemyError as error:
        yield broken(
            name,
            _("It cannot be read: %(error)s.", error=str(getattr(error, "orig", error)).strip()[:200]),
            _("Look at DATABASE_URL, and whether the database runs. “flask restore FILE” puts a backup in its place."),
        )  # fmt: skip
        return
    if list(found) == ["ok"]:
        yield ok(
            name,
            _("It can be read, and every page of it is sound.") if settings().sqlite else _("It answers."),
        )
    else:
        yield broken(
            name,
            _("It is damaged: %(error)s.", error="; ".join(found)[:200]),
            _("Stop, keep a copy of the file, and put the last good backup back: flask restore FILE."),
        )


def _complaints() -> list[str]:
    """At most three; `ok` when there are none."""
    pages = list(db.session.scalars(text("PRAGMA integrity_check(3)")))
    loose = db.session.execute(text("PRAGMA foreign_key_check")).first()
    return [*pages, *([f"a row of {loose[0]} refers to nothing"] if loose else [])]


def version(_now: datetime) -> Iterator[Finding]:
    name = _("Schema")
    try:
        state = schema.state()
    except SQLAlchemyError:
        yield unknown(name, _("the database could not be read"))
        return
    yield {
        "current": ok(name, _("It is the newest.")),
        "empty": attention(name, _("The database is empty."), _("Run: script/server, or “flask organisation create”.")),
        "older": broken(name, _("It is older than the code."), _("Run: flask db upgrade (it makes a backup first).")),
        "newer": broken(name, _("It is newer than the code."), _("Install the newer version again; nothing goes back.")),
    }[state]  # fmt: skip


def log(_now: datetime) -> Iterator[Finding]:
    """SQLite's write-ahead log: on, and short."""
    if not settings().sqlite:
        return
    name = _("Write-ahead log")
    try:
        mode = db.session.scalars(text("PRAGMA journal_mode")).one()
    except SQLAlchemyError:
        yield unknown(name, _("the database could not be read"))
        return
    file = Path(f"{settings().database.removeprefix('sqlite:///')}-wal")
    size = file.stat().st_size if file.exists() else 0
    if mode != "wal":
        yield broken(
            name,
            _("It is off (journal mode %(mode)s).", mode=mode),
            _("Put the file on a disk of this machine: a network share cannot hold it."),
        )
    elif size > LONG:
        yield attention(
            name,
            _("It has grown to %(n)s MB.", n=size >> 20),
            _(
                "Restart web and clock: something has been reading since long ago, and keeps it from being emptied."
            ),
        )
    else:
        yield ok(name, _("It is on, and %(n)s MB long.", n=size >> 20))
