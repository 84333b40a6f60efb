"""The record of a survey, counted by the same rules as the ledger and the deed of its report."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import clock
from promises.ledger import ledger, responses
from reports.deed_queries import deed
from reports.period import Period, period
from surveys.models import RECORD_FROM, Survey


@dataclass(frozen=True, slots=True)
class Counted:
    """As `surveys.models.Record` keeps it."""

    first_day: date
    last_day: date
    responses: int
    told: int
    changed: int
    dates_kept: int
    dates: int


def count(survey: Survey, now: datetime) -> Counted | None:
    """The last month where enough people answered in it, else the last twelve; None where those are too few as well.

    Never an older month: that would be a month somebody could be proud of.
    """
    for over in _periods(survey, now):
        if responses(over.scope) >= RECORD_FROM:
            return _count(over)
    return None


def _periods(survey: Survey, now: datetime) -> tuple[Period, Period]:
    this_month = clock.local_date(now, survey.organisation.timezone).replace(day=1)
    last = this_month - timedelta(days=1)
    return (
        period(survey, last.replace(day=1), last, now),
        period(survey, this_month.replace(year=this_month.year - 1), last, now),
    )


def _count(over: Period) -> Counted:
    book, deeds = ledger(over.scope), deed(over)
    return Counted(
        over.first,
        over.last,
        book.responses,
        book.heard_back,
        book.something_changed,
        deeds.met,
        deeds.judged,
    )
