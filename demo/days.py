"""The demo's calendar: every date counts back from the day of loading."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core import calendar, clock

COUNTRY = "NL"
TIMEZONE = "Europe/Amsterdam"
HOLD = timedelta(minutes=15)
DECIDING, ACTING, MOVING, CORRECTING, TAGGING = (
    time(9, 10),
    time(9, 20),
    time(9, 30),
    time(9, 40),
    time(10, 5),
)
"""The hours at which staff do things, in the order in which one needs the other."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days as seen from `today`, the local day of loading."""

    today: date

    @classmethod
    def until(cls, now: datetime) -> "Days":
        return cls(clock.local_date(now, TIMEZONE))

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def working(self, days_ago: int) -> date:
        """That day, or the last working day before it: staff are at home at weekends."""
        return _back(self.ago(days_ago))

    def month(self, months_ago: int) -> date:
        """The first day of that month."""
        months = self.today.year * 12 + self.today.month - 1 - months_ago
        return date(months // 12, months % 12 + 1, 1)

    def is_past(self, moment: datetime) -> bool:
        """The demo plays up to the morning of its day; from there on the clock takes over."""
        return moment < clock.at(self.today, time.min, TIMEZONE)


def at(day: date, hour: time) -> datetime:
    return clock.at(day, hour, TIMEZONE)


def local_day(moment: datetime) -> date:
    return clock.local_date(moment, TIMEZONE)


def next_working(day: date, days: int = 1) -> date:
    """The working day that is `days` working days after `day`; 0: the day itself, or the first after it."""
    return calendar.add_working_days(day, days, COUNTRY)


def is_working(day: date) -> bool:
    return calendar.is_working_day(day, COUNTRY)


def _back(day: date) -> date:
    while not is_working(day):
        day -= timedelta(days=1)
    return day


def evening(day: date, minutes: int) -> datetime:
    """A moment after dinner, when people answer their mail: 18:30 and so many minutes."""
    return clock.at(day, time(18, 30), TIMEZONE).astimezone(UTC) + timedelta(minutes=minutes)
