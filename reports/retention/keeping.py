"""Say how long what is kept; longer holds at once, shorter from a day later on. The first time managers hear of it before."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.letters import Letter, letter, tell
from accounts.models import Staff
from accounts.presence import managers
from core import audit, clock, rows
from core.db import db
from core.errors import DomainError
from core.keeping import CATEGORIES, Period, is_shorter, periods, row_of
from core.links import public_url
from core.models import Organisation
from core.models_keeping import Keeping
from core.voice import speaking
from reports.retention.forgetting import counted
from reports.retention.wording import going_words

WAITS = timedelta(days=1)
"""Between saying that it is kept for a shorter time and the first that goes for it."""
NOTICE = timedelta(days=7)
"""At least, between telling managers and the first time that something of a category goes."""
NIGHT = time(3)
"""From this local hour on, once a day."""


def own_row(organisation_id: int) -> Keeping:
    """Inside `writing()`: it is there from then on, and nobody else changes it until we are done."""
    rows.put_once(Keeping, organisation_id=organisation_id)
    alone = select(Keeping).where(Keeping.organisation_id == organisation_id).with_for_update()
    return db.session.scalars(alone.execution_options(populate_existing=True)).one()


def shortened(organisation_id: int, wanted: Mapping[str, Period]) -> dict[str, Period]:
    """Those of the wanted periods that are shorter than what holds now, and are not waiting already."""
    row = row_of(organisation_id)
    held, waits = periods(row), row.shorter if row else {}
    return {k: days for k, days in wanted.items() if is_shorter(days, held[k]) and waits.get(k) != days}


def choose(organisation_id: int, wanted: Mapping[str, Period], now: datetime) -> Keeping:
    """Inside `writing()`. What is shorter waits a day, and is taken back by choosing what held before."""
    _refuse_unknown(wanted)
    row = own_row(organisation_id)
    held = periods(row)
    longer = {k: days for k, days in wanted.items() if not is_shorter(days, held[k])}
    shorter = {k: days for k, days in wanted.items() if days is not None and is_shorter(days, held[k])}
    kept = {k: v for k, v in row.shorter.items() if k not in wanted}
    if {**kept, **shorter} != row.shorter:
        row.shorter = {**kept, **shorter}
        row.shorter_at, row.shorter_by = (now + WAITS, audit.actor()) if row.shorter else (None, "")
    row.days = {**row.days, **longer}
    audit.record("keeping.chosen", row, now, longer=longer, shorter=shorter)
    return row


def _refuse_unknown(wanted: Mapping[str, Period]) -> None:
    for key, days in wanted.items():
        if key not in CATEGORIES or days not in CATEGORIES[key].choices:
            raise DomainError(_("Choose one of the periods in the list."))


def settle(row: Keeping, now: datetime) -> bool:
    """Inside `writing()`: the shorter periods hold, a day after they were chosen. Whether they do now."""
    if row.shorter_at is None or row.shorter_at > now:
        return False
    row.days, row.shorter = {**row.days, **row.shorter}, {}
    row.shorter_at, row.shorter_by = None, ""
    audit.record("keeping.shorter", row, now, days=row.days)
    return True


def today(organisation: Organisation, now: datetime) -> date:
    return clock.local_date(now, organisation.timezone)


def first_day(organisation: Organisation, now: datetime) -> date:
    """The Monday that is at least a week away."""
    soonest = today(organisation, now) + NOTICE
    return soonest + timedelta(days=-soonest.weekday() % 7)


def may_run(row: Keeping, category: str, day: date) -> bool:
    """Its managers had the time to say otherwise."""
    begins = row.begins.get(category)
    return CATEGORIES[category].quiet or (begins is not None and date.fromisoformat(begins) <= day)


def night_of(organisation: Organisation, day: date) -> datetime:
    return clock.at(day, NIGHT, organisation.timezone)


def announce(row: Keeping, now: datetime) -> int:
    """Inside `writing()`: what would go for the first time goes on a Monday, and managers are written to now."""
    organisation, day = row.organisation, first_day(row.organisation, now)
    going = coming(row, night_of(organisation, day))
    if not going:
        return 0
    row.begins = {**row.begins, **dict.fromkeys(going, day.isoformat())}
    for staff in managers(organisation.id, now):
        tell(begins(organisation, staff, going, day, now), staff, now)
    audit.record("keeping.announced", row, now, going=going, day=day.isoformat())
    return len(going)


def coming(row: Keeping, at: datetime) -> dict[str, int]:
    """category → how much of it would be past its time at that moment, where nobody was told of its first time yet."""
    new = {k: days for k, days in periods(row).items() if not CATEGORIES[k].quiet and k not in row.begins}
    return {k: n for k, n in counted(row.organisation_id, at, new).items() if n}


def begins(
    organisation: Organisation, staff: Staff, going: Mapping[str, int], day: date, now: datetime
) -> Letter:
    """What goes, how much of it, on which day, and where it can be kept for longer."""
    with speaking(staff.language, organisation):
        sentences = [going_words(key, n) for key, n in going.items()]
    return letter(
        "past_time", organisation, staff.name, staff.language, now, sentences=sentences, day=day,
        link=public_url("/settings/keeping"),
    )  # fmt: skip
