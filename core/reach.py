"""How and when a human can be reached: one record, on every page and in every mail."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from babel.dates import get_day_names
from flask_babel import get_locale

from core import calendar, clock
from core.models import Organisation
from core.voice import format_date
from core.voice import gettext as _


@dataclass(frozen=True, slots=True)
class Reach:
    hours: str
    """what holds now; for a page"""
    week: str
    """the hours of a week; for a message, which is read later"""
    phone: str
    address: str
    mail: str


def reach(organisation: Organisation, now: datetime) -> Reach:
    """The organisation's record, with what holds at `now`, in the language of the reader."""
    return Reach(
        _hours(organisation, now),
        _week(organisation),
        organisation.phone,
        organisation.address,
        organisation.mail,
    )


def _hours(organisation: Organisation, now: datetime) -> str:
    closes = calendar.open_until(organisation, now)
    if closes:
        return _("Open now, until %(time)s.", time=closes.strftime("%H:%M"))
    opens = calendar.next_opening(organisation, now)
    return _open_again(clock.local(opens, organisation.timezone)) if opens else ""


def _open_again(local: datetime) -> str:
    day = format_date(local.date(), "EEEE d MMMM")
    return _("Closed now; open again on %(day)s from %(time)s.", day=day, time=local.strftime("%H:%M"))


def _week(organisation: Organisation) -> str:
    """Monday to Friday 09:00–17:00; Saturday 10:00–14:00"""
    hours = tuple(tuple(day) if day else None for day in organisation.hours)
    return _week_words(hours, str(get_locale()))


@lru_cache
def _week_words(week: tuple[tuple[str, ...] | None, ...], _language: str) -> str:
    """In the reader's language, which is `_language`: the same words each time."""
    runs = [
        (hours, [day for day, _hours in days])
        for hours, days in groupby(enumerate(week), lambda entry: entry[1])
    ]
    return "; ".join(f"{_days(days)} {hours[0]}–{hours[1]}" for hours, days in runs if hours)


def _days(days: list[int]) -> str:
    names = get_day_names(locale=get_locale())
    first, last = names[days[0]], names[days[-1]]
    return first if days[0] == days[-1] else _("%(first)s to %(last)s", first=first, last=last)
