"""Ask for a report: a row that a tick renders."""

from datetime import date, datetime

from flask_babel import gettext as _

from core import audit
from core.db import db
from core.errors import DomainError
from reports.models import Report
from reports.narrowed_queries import check_size
from reports.narrowing import EVERYBODY, Narrowed
from reports.period import period
from surveys.models import Survey

LONGEST_DAYS = 3660
FIRST_YEAR, LAST_YEAR = 2000, 2100


def ask(
    survey: Survey, first: date, last: date, language: str, by: str, now: datetime, only: Narrowed = EVERYBODY
) -> Report:
    """A queued report; DomainError for a period that cannot be, and for a part of people that may not be shown."""
    check(first, last)
    only.check()
    check_size(period(survey, first, last, now, only))
    report = Report(
        organisation_id=survey.organisation_id, survey=survey, first_day=first, last_day=last, language=language,
        requested_by=by, requested_at=now, channel=only.channel, answered_in=only.language,
    )  # fmt: skip
    db.session.add(report)
    audit.record("report.requested", report, now)
    return report


def check(first: date, last: date) -> None:
    """DomainError for a period that cannot be."""
    if first > last:
        raise DomainError(_("The period ends before it begins."))
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise DomainError(
            _("A report is about days from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
        )
    if (last - first).days > LONGEST_DAYS:
        raise DomainError(_("A report covers at most ten years."))
