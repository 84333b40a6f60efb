"""Answers that came in elsewhere: kept as a file, looked at by a tick, put in as one, and followed up as any other.

One that would write to many people waits for a manager, as every large step; until then none of its rows is there.
"""

import io
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import islice
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select, update

from accounts.letters import letter, tell
from accounts.presence import managers
from core import audit, calendar, clock
from core.db import db
from core.errors import Conflict, DomainError
from core.links import public_url
from core.models import Organisation
from core.spreadsheets.csv_reading import Source
from core.text import one_line
from followup.steps.large_steps import usual_if_large
from surveys.imports.files import empty
from surveys.imports.importing import IsHistory, Plan, Tally, lines, plan
from surveys.imports.models import Import, ImportFile
from surveys.models import Survey

LARGEST = 20 * 1024 * 1024
"""Bytes of a file that is kept until it is put in."""
LOOKED_AT = 5
"""Slices of a file by which its age is guessed."""


class Read(NamedTuple):
    """A file as far as it was read before others have to wait."""

    plan: Plan
    way: str


def read(survey: Survey, content: bytes, now: datetime) -> Read:
    """What its columns seem to say, and who is likely to be told. DomainError for one that cannot be read, or is too large."""
    if len(content) > LARGEST:
        raise DomainError(_("This file is larger than 20 MB. Split it, or use `flask import responses`."))
    found = plan(survey, lambda: io.BytesIO(content))
    return Read(found, likely_way(found, now))


def begin(survey: Survey, found: Read, name: str, content: bytes, by_id: int | None, now: datetime) -> Import:
    """Keep a file that was read."""
    made = record(survey, found.plan, name, found.way, by_id, now)
    db.session.add(ImportFile(import_id=made.id, content=content))
    audit.record("import.begun", made, now)
    return made


def likely_way(found: Plan, now: datetime) -> str:
    """History where every row is older than the reply time; by the age of each where some are."""
    since, first = reply_time_ago(found.survey, now), islice(lines(found, lambda _at: False, now), LOOKED_AT)
    old = [
        line.submission.submitted_at < since
        for some in first
        for line in some
        if line.submission and line.submission.submitted_at
    ]
    return "history" if old and all(old) else "by_age" if any(old) else "follow_up"


def record(survey: Survey, found: Plan, name: str, way: str, by_id: int | None, now: datetime) -> Import:
    """The row of a file."""
    made = Import(
        organisation_id=survey.organisation_id, survey_id=survey.id, name=one_line(name) or "–", way=way,
        header=list(found.sheet.header), chosen=list(found.chosen), asked_by=audit.actor(), asked_by_id=by_id, asked_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def choose(held: Import, way: str, chosen: Sequence[str], now: datetime) -> None:
    """Settle what each column says, and who is told. Conflict once it is wanted; DomainError where columns say nothing."""
    if held.state not in {"columns", "checking", "checked"}:
        raise Conflict(_("This file was settled already."))
    plan_of(held, chosen)
    held.way, held.chosen, held.chosen_at = way, list(chosen), now
    held.looked, held.checked_at = 0, None


def checked(held: Import, tally: Tally, refused: bytes, now: datetime) -> None:
    """Every row was looked at."""
    held.looked = held.total = tally.total
    held.bad, held.known, held.messages, held.checked_at = tally.bad, tally.known, tally.messages, now
    db.session.execute(update(ImportFile).where(ImportFile.import_id == held.id).values(refused=refused))


def want(held: Import, by_id: int | None, now: datetime) -> None:
    """It is to be put in; where it would write to many, a manager looks first. Conflict unless every row was looked at."""
    if held.state != "checked":
        raise Conflict(_("This file is not ready to be put in."))
    held.wanted_at, held.usual = now, usual_if_large(held.organisation_id, held.messages, now)
    audit.record("import.wanted", held, now, messages=held.messages)
    if held.usual is not None:
        _ask_managers(held, held.usual, by_id, now)


def _ask_managers(held: Import, usual: int, by_id: int | None, now: datetime) -> None:
    here = db.session.get_one(Organisation, held.organisation_id)
    asker = "" if held.asked_by == audit.CLOCK else held.asked_by
    for staff in (m for m in managers(here.id, now) if m.id != by_id):
        written = letter(
            "large_step", here, staff.name, staff.language, now, who=asker, people=held.messages, usual=usual,
            title=held.name, month=None, link=public_url(f"/imports/{held.id}"),
        )  # fmt: skip
        tell(written, staff, now)


def approve(held: Import, now: datetime) -> None:
    """A manager has seen how many will be written to."""
    if held.state != "waiting":
        raise Conflict(_("This was decided already."))
    held.approved_at, held.decided_by = now, audit.actor()
    audit.record("import.approved", held, now)


def cancel(held: Import, now: datetime) -> None:
    """None of it is put in, and the file goes. Conflict once it is being put in."""
    if held.state not in {"columns", "checking", "checked", "waiting"}:
        raise Conflict(
            _("It is too late to call this back: the answers are being put in, or are in already.")
        )
    held.cancelled_at, held.decided_by = now, audit.actor()
    audit.record("import.cancelled", held, now)
    empty([held.id])


def finished(held: Import, made: int, now: datetime) -> None:
    held.put_in, held.finished_at = made, now
    audit.record("import.finished", held, now, responses=made, way=held.way)


def plan_of(held: Import, chosen: Sequence[str] | None = None) -> Plan:
    """What there is to do. DomainError where the file is gone, or the survey takes no answers any more."""
    return plan(held.survey, source_of(held.id), held.chosen if chosen is None else chosen)


def source_of(import_id: int) -> Source:
    content = db.session.scalar(select(ImportFile.content).where(ImportFile.import_id == import_id)) or b""
    return lambda: io.BytesIO(content)


def older_than_reply_time(survey: Survey, way: str, now: datetime) -> IsHistory:
    """By the way that was chosen: all, none, or whoever answered longer ago than the reply time."""
    if way != "by_age":
        return lambda _at: way == "history"
    since = reply_time_ago(survey, now)
    return lambda at: at is not None and at < since


def reply_time_ago(survey: Survey, now: datetime) -> datetime:
    """Whoever answered before this moment should have heard by now."""
    if survey.reply_hours:
        return now - timedelta(hours=survey.reply_hours)
    here = survey.organisation
    today = clock.local_date(now, here.timezone)
    day = calendar.working_days_before(today, survey.reply_working_days or 1, here.country)
    return clock.at(day, time.min, here.timezone)
