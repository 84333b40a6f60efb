"""The only place that asks what time it is, so that a test or a demo can say so instead."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def aware(moment: datetime) -> datetime:
    """A moment somebody typed; without a zone it is taken as UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def local(moment: datetime, timezone: str) -> datetime:
    """The same moment on the wall clock of `timezone` (an IANA name)."""
    return moment.astimezone(ZoneInfo(timezone))


def local_date(moment: datetime, timezone: str) -> date:
    return local(moment, timezone).date()


def at(day: date, hour: time, timezone: str) -> datetime:
    """The moment at which the wall clock of `timezone` shows `hour` on `day`, in UTC."""
    return datetime.combine(day, hour, ZoneInfo(timezone)).astimezone(UTC)


def end_of_day(day: date, timezone: str) -> datetime:
    """The last microsecond of a local day, in UTC: a promise "by Friday" holds until then."""
    return at(day + timedelta(days=1), time.min, timezone) - timedelta(microseconds=1)


def tonight(now: datetime, timezone: str) -> datetime:
    """The end of the local day on which it is `now`."""
    return end_of_day(local_date(now, timezone), timezone)
