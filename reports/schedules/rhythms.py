"""Which periods of a schedule are over: local dates alone, so that no hour of any night is counted twice or not at all."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select

from core import clock
from core.db import db
from reports.schedules.models import Run, Schedule
from surveys.models import Round, Survey

HOUR = time(6)
"""Local time from which a day counts as begun: the report lies ready when people come in."""
DAY = timedelta(days=1)
Days = tuple[date, date]
"""The first and the last day, both included."""


def today(schedule: Schedule, now: datetime) -> date:
    """The local day; before six it is still the day before."""
    local = clock.local(now, schedule.organisation.timezone)
    return local.date() if local.time() >= HOUR else local.date() - DAY


def before(every: str, day: date) -> Days:
    """The last whole week (from Monday), month or quarter that ended before `day`."""
    begins = {"week": _week, "month": _month, "quarter": _quarter}[every]
    last = begins(day) - DAY
    return begins(last), last


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)


def _quarter(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def over(schedule: Schedule, day: date) -> list[Days]:
    """Periods that ended before `day`, not before the schedule began, and after the last one that was made; newest first."""
    newest = db.session.scalar(
        select(Run.first_day).where(Run.schedule_id == schedule.id).order_by(Run.first_day.desc()).limit(1)
    )
    found = _rounds(schedule, day) if schedule.every == "round" else _calendar(schedule, day)
    return [days for days in found if not newest or days[0] > newest]


def _calendar(schedule: Schedule, day: date) -> list[Days]:
    found = [before(schedule.every, day)]
    while found[-1][1] >= schedule.begins_on:
        found.append(before(schedule.every, found[-1][0]))
    return found[:-1]


def _rounds(schedule: Schedule, day: date) -> list[Days]:
    """A round is there from its first answer on: one in which nobody answered is no period."""
    here = Round.organisation_id == schedule.organisation_id
    ended = Round.ends_on < day, Round.ends_on >= schedule.begins_on
    query = select(Round.starts_on, Round.ends_on).where(here, *ended).distinct()
    if schedule.survey_id:
        query = query.where(Round.survey_id == schedule.survey_id)
    found = db.session.execute(query.order_by(Round.starts_on.desc(), Round.ends_on.desc()))
    return list({first: (first, last) for first, last in found}.values())


def surveys(schedule: Schedule, days: Days) -> list[Survey]:
    """Whose reports this period has: one survey's, or those that were open in it, or had a round."""
    if schedule.survey:
        return [schedule.survey]
    here = select(Survey).where(Survey.organisation_id == schedule.organisation_id).order_by(Survey.id)
    if schedule.every == "round":
        return list(db.session.scalars(here.where(Survey.id.in_(_with_a_round(days)))))
    zone = schedule.organisation.timezone
    begin, end = clock.at(days[0], time.min, zone), clock.end_of_day(days[1], zone)
    still = Survey.closed_at.is_(None) | (Survey.closed_at >= begin)
    return list(db.session.scalars(here.where(Survey.opened_at <= end, still)))


def _with_a_round(days: Days) -> Select[int]:
    return select(Round.survey_id).where(Round.starts_on == days[0])
