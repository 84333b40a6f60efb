"""What a report is about: a survey and a period of local days, as moments and as a scope of the ledger."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from core import clock
from promises.ledger import Scope
from reports.narrowing import EVERYBODY, Narrowed
from surveys.models import Survey

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Period:
    """`first` and `last` are local days, both included; `as_of` is when it is looked at, never later than its end.

    `only`: a part of those who answered.
    """

    survey: Survey
    first: date
    last: date
    as_of: datetime
    only: Narrowed = EVERYBODY

    @property
    def scope(self) -> Scope:
        return Scope(
            self.survey.organisation_id,
            self.survey.id,
            None,
            self._start(self.first),
            self._start(self.last + timedelta(days=1)),
            self.only.channel,
            self.only.language,
        )

    @property
    def timezone(self) -> str:
        return self.survey.organisation.timezone

    def before(self) -> "Period":
        """The period of the same length that ends where this one begins."""
        days = self.last - self.first
        first, last = self.first - days - timedelta(days=1), self.first - timedelta(days=1)
        return replace(self, first=first, last=last)

    def _start(self, day: date) -> datetime:
        return clock.at(day, time.min, self.timezone)


def period(survey: Survey, first: date, last: date, now: datetime, only: Narrowed = EVERYBODY) -> Period:
    end = clock.end_of_day(last, survey.organisation.timezone)
    return Period(survey, first, last, min(now, end), only)


def month_starts(last: date) -> list[date]:
    """The first days of the twelve months up to `last`, oldest first."""
    firsts = [last.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.insert(0, (firsts[0] - timedelta(days=1)).replace(day=1))
    return firsts
