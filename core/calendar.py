"""Working days and opening hours, with the public holidays of a country."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from flask_babel import format_date
from flask_babel import gettext as _
from holidays import HolidayBase, country_holidays

from core import clock
from core.models import Organisation


def is_working_day(day: date, country: str) -> bool:
    return day.weekday() < 5 and day not in _holidays(country)


@lru_cache(maxsize=1024)
def add_working_days(start: date, days: int, country: str) -> date:
    """The working day that is `days` (≥ 0) working days after `start`; the start itself never counts."""
    day = start
    for _n in range(days):
        day = next_working_day(day + timedelta(days=1), country)
    return next_working_day(day, country)


def working_days_before(end: date, days: int, country: str) -> date:
    """The working day that is `days` (≥ 0) working days before `end`; the end itself never counts."""
    day = end
    for _day in range(days):
        day -= timedelta(days=1)
        while not is_working_day(day, country):
            day -= timedelta(days=1)
    return day


def next_working_day(day: date, country: str) -> date:
    """`day` itself, or the first working day after it."""
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return day


def is_holiday(day: date, country: str) -> bool:
    return day in _holidays(country)


def objection(day: date, organisation: Organisation) -> str:
    """Why nobody can be promised something by this day, and which day would do; empty when it is one to work on.

    A Saturday or Sunday with opening hours is a working day of theirs.
    """
    holiday = is_holiday(day, organisation.country)
    if not holiday and (day.weekday() < 5 or organisation.hours[day.weekday()]):
        return ""
    after = format_date(next_working_day(day, organisation.country), "EEEE d MMMM y")
    said = format_date(day, "EEEE d MMMM y")
    if holiday:
        return _(
            "%(day)s is a public holiday. The first working day after it is %(after)s.", day=said, after=after
        )
    return _("%(day)s is in a weekend. The first working day after it is %(after)s.", day=said, after=after)


@lru_cache
def _holidays(country: str) -> HolidayBase:
    return country_holidays(country)


def open_until(organisation: Organisation, now: datetime) -> time | None:
    """Until when someone answers today; None when nobody does (any more)."""
    local = clock.local(now, organisation.timezone)
    hours = organisation.hours[local.weekday()]
    if not hours or local.date() in _holidays(organisation.country):
        return None
    opens, closes = (time.fromisoformat(text) for text in hours)
    return closes if opens <= local.time() < closes else None


def next_opening(organisation: Organisation, now: datetime) -> datetime | None:
    """The next moment at which someone answers, within two weeks; None for an organisation without hours."""
    today = clock.local_date(now, organisation.timezone)
    openings = (_opening(organisation, today + timedelta(days=n)) for n in range(15))
    return next((moment for moment in openings if moment and moment > now), None)


def _opening(organisation: Organisation, day: date) -> datetime | None:
    hours = organisation.hours[day.weekday()]
    if not hours or day in _holidays(organisation.country):
        return None
    return clock.at(day, time.fromisoformat(hours[0]), organisation.timezone)
