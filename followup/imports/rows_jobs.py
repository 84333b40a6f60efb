"""A file is read by the clock: every row is looked at, and those that are wanted are put in, all of them in one transaction."""

from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import update

from accounts.models import Staff
from core import audit
from core.db import db, writing
from core.errors import DomainError
from core.spreadsheets.csv_files import BOM, Row, csv_lines
from core.voice import speaking
from followup.imports import importing
from surveys.imports.importing import Line, Plan, Tally, lines, put_in, spooled
from surveys.imports.models import Import

TELL_EVERY = 2_000
"""Rows after which whoever waits sees how far it is."""
MOST_REFUSED = 5_000
"""Rows that were refused and are kept to be downloaded."""


def work(id: int, now: datetime) -> int:
    """What there is to do for one of them now; returns how many rows were looked at or put in."""
    held = db.session.get_one(Import, id, populate_existing=True)
    doing = {"checking": _check, "putting_in": _put_in}.get(held.state)
    if not doing:
        return 0
    try:
        with audit.acting(held.asked_by), _in_their_language(held):
            return doing(held, now)
    except DomainError as error:
        with writing():
            db.session.get_one(Import, id).failed = error.sentence[:500]
        return 0


def _in_their_language(held: Import) -> AbstractContextManager[None]:
    """Why a row is refused is read by whoever asked."""
    asker = db.session.get(Staff, held.asked_by_id) if held.asked_by_id else None
    here = held.survey.organisation
    return speaking(asker.language if asker else here.language, here)


def _check(held: Import, now: datetime) -> int:
    """Columns that were chosen anew meanwhile are looked at by the next tick."""
    id, since, plan = held.id, held.chosen_at, importing.plan_of(held)
    is_history = importing.older_than_reply_time(held.survey, held.way, now)
    refused: list[Line] = []
    tally = Tally()
    for some in lines(plan, is_history, now):
        for line in some:
            tally.add(line)
        refused += [line for line in some if not line.known and line.error][: MOST_REFUSED - len(refused)]
        if tally.total % TELL_EVERY == 0:
            _tell(id, tally.total)
    written = refused_file(plan, refused)
    with writing():
        held = _locked(id)
        if held.state == "checking" and held.chosen_at == since:
            importing.checked(held, tally, written, now)
    return tally.total


def _tell(id: int, looked: int) -> None:
    with writing():
        db.session.execute(update(Import).where(Import.id == id).values(looked=looked))


def _put_in(held: Import, now: datetime) -> int:
    """Everything is read before others have to wait."""
    plan, id = importing.plan_of(held), held.id
    with spooled() as spool:
        for some in lines(plan, importing.older_than_reply_time(plan.survey, held.way, now), now):
            spool.add(some)
        with writing():
            if _locked(id).state != "putting_in":
                return 0  # another clock was quicker
            made = put_in(plan.version, spool, now)
            importing.finished(_locked(id), made, now)
    return made


def _locked(id: int) -> Import:
    return db.session.get_one(Import, id, populate_existing=True, with_for_update=True)


def refused_file(plan: Plan, refused: list[Line]) -> bytes:
    """The rows as they were, each with its line and why; it can be put right and taken in again."""
    rows: list[Row] = [("Line", "Why", *plan.sheet.header)]
    rows += [(line.row.line, line.error, *line.row.cells) for line in refused]
    return BOM + csv_lines(rows)
