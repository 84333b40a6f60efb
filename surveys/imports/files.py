"""The bytes of files that came in elsewhere: which are worked on, and which have lain here for long enough."""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from core.access import own
from core.db import db
from core.spreadsheets.csv_reading import encoding_of
from surveys.imports.models import Import, ImportFile

KEPT = timedelta(days=7)
"""How long the file, and the rows of it that were refused, can be read afterwards."""


def unfinished() -> Sequence[int]:
    """Imports that nobody ended, oldest first."""
    query = select(Import.id).where(
        Import.finished_at.is_(None), Import.cancelled_at.is_(None), Import.failed.is_(None)
    )
    return db.session.scalars(query.order_by(Import.id)).all()


def empty(ids: Sequence[int]) -> None:
    """The file, and what was refused of it, are forgotten."""
    gone = update(ImportFile).where(ImportFile.import_id.in_(ids)).values(content=b"", refused=b"")
    db.session.execute(gone.execution_options(synchronize_session=False))


def waiting_imports() -> Sequence[Import]:
    """Those of the organisation that a manager has to look at."""
    waits = Import.wanted_at.is_not(None), Import.usual.is_not(None), Import.approved_at.is_(None)
    ended = or_(Import.finished_at.is_not(None), Import.cancelled_at.is_not(None), Import.failed.is_not(None))
    return db.session.scalars(own(Import).where(*waits, ~ended).order_by(Import.id)).all()


def over(now: datetime) -> Sequence[int]:
    """Those whose file was kept for long enough: since the end, or since somebody last wanted something of it."""
    ended = or_(Import.finished_at < now - KEPT, Import.asked_at < now - 4 * KEPT)
    held = select(ImportFile.import_id).join(Import, Import.id == ImportFile.import_id)
    return db.session.scalars(held.where(ended, ImportFile.content != b"")).all()


def forget_whoever_is_in(organisation_id: int, words: Sequence[str], now: datetime) -> None:
    """Files in which one of these words stands are emptied, and not put in any more: somebody in them was erased.

    Each is read as text, since a database cannot know how it was written: they are few, and erasing is rare.
    """
    here = select(ImportFile).join(Import, Import.id == ImportFile.import_id)
    kept = here.where(Import.organisation_id == organisation_id, ImportFile.content != b"")
    wanted = [word.casefold() for word in words if word]
    named = [file.import_id for file in db.session.scalars(kept) if any(w in _text(file) for w in wanted)]
    open_ = Import.finished_at.is_(None), Import.cancelled_at.is_(None)
    db.session.execute(update(Import).where(Import.id.in_(named), *open_).values(cancelled_at=now))
    empty(named)


def _text(file: ImportFile) -> str:
    return file.content.decode(encoding_of(io.BytesIO(file.content)), errors="replace").casefold()
