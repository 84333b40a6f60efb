"""The manager hears before a promise breaks: one mail a day at most, with what falls due and is not settled."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from accounts import alerts
from accounts.letters import Letter, letter, tell
from accounts.models import Staff
from accounts.presence import managers, memberships
from core import calendar, clock
from core.db import Rows, db, writing
from core.links import public_url
from core.models import Organisation
from followup.models import Alert
from followup.rewards.models import Pool
from followup.rewards.rewarding import running_low
from promises.lines import Line, line
from promises.models import Promise, Update
from surveys.models_responses import Response
from triage.models import Comment, Tag

HOUR = time(8)
"""Local time on a working day from which managers are warned."""
MOST = 20
"""Promises that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What falls due until the end of the next working day, and how many answers were closed by default."""

    lines: list[Line]
    due: int
    closed: int
    low: list[tuple[Pool, int]] = field(default_factory=list)
    """Rewards that run out, and how many codes are left."""


def alert_managers(now: datetime) -> int:
    """Warn the managers of each organisation once a day, where there is something to warn of; returns how many."""
    organisations = db.session.scalars(select(Organisation).order_by(Organisation.id)).all()
    return sum(_alert(o, now) for o in organisations if is_its_hour(o, now))


def is_its_hour(organisation: Organisation, now: datetime) -> bool:
    local = clock.local(now, organisation.timezone)
    return local.time() >= HOUR and calendar.is_working_day(local.date(), organisation.country)


def _alert(organisation: Organisation, now: datetime) -> int:
    today = clock.local_date(now, organisation.timezone)
    unwarned = _unwarned(organisation, today, now)
    found = danger(organisation, today, now) if unwarned else None
    if not found or not (found.due or found.closed or found.low):
        return 0
    return sum(_once(organisation.id, staff_id, found, now) for staff_id in unwarned)


def _unwarned(organisation: Organisation, today: date, now: datetime) -> list[int]:
    """Managers who were not written to today."""
    warned = select(Alert.staff_id).where(Alert.organisation_id == organisation.id, Alert.on_day == today)
    told = set(db.session.scalars(warned))
    there = [staff.id for staff in managers(organisation.id, now) if staff.id not in told]
    held = memberships(organisation.id, there)
    return [id for id in there if alerts.choice(held[id], "promise") != "none"]


def danger(organisation: Organisation, today: date, now: datetime) -> Danger:
    query = _unsettled(organisation, today)
    found = db.session.scalars(query.order_by(Promise.due_at, Promise.id).limit(MOST))
    lines = [line(p, now, organisation.timezone) for p in found]
    count = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return Danger(lines, count, _closed(organisation, today), running_low(organisation.id))


def _unsettled(organisation: Organisation, today: date) -> Rows:
    """Open, due by the end of the next working day, and nothing is there yet that will be told by then."""
    last = calendar.next_working_day(today + timedelta(days=1), organisation.country)
    return select(Promise).where(
        Promise.organisation_id == organisation.id,
        Promise.is_open,
        Promise.due_at <= clock.end_of_day(last, organisation.timezone),
        ~_something_to_tell(),
    )


def _something_to_tell() -> ColumnElement[bool]:
    untold = Tag.told_at.is_(None) & Tag.withdrawn_at.is_(None) & (Tag.release_at <= Promise.due_at)
    return select(Tag.id).join(Comment).where(Comment.response_id == Promise.response_id, untold).exists()


def _closed(organisation: Organisation, today: date) -> int:
    """Since the midnight before last: what was closed on the last evening is in the mail of this morning."""
    since = clock.end_of_day(today - timedelta(days=2), organisation.timezone)
    query = select(func.count(Update.id)).where(
        Update.how == "default", Update.kind == "ending", Update.composed_at > since
    )
    theirs = Update.promise.has(Promise.response.has(Response.organisation_id == organisation.id))
    return db.session.scalar(query.where(theirs)) or 0


def _once(organisation_id: int, staff_id: int, found: Danger, now: datetime) -> int:
    """The row that says so and the mail are one transaction: a second clock finds the row."""
    try:
        with writing():
            here, staff = (
                db.session.get_one(Organisation, organisation_id),
                db.session.get_one(Staff, staff_id),
            )
            today = clock.local_date(now, here.timezone)
            db.session.add(
                Alert(organisation_id=organisation_id, staff_id=staff_id, on_day=today, written_at=now)
            )
            db.session.flush()
            tell(warning(here, staff.name, staff.language, found, now), staff, now)
    except IntegrityError:
        return 0
    return 1


def warning(organisation: Organisation, name: str, language: str, found: Danger, now: datetime) -> Letter:
    return letter("alert", organisation, name, language, now, found=found, link=public_url("/promises"))
