"""The record in a sentence: what came of the answers before, for whoever is asked next. Good or bad, with its numbers."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import format_date, format_decimal
from flask_babel import gettext as _
from sqlalchemy import Row, bindparam, select

from core import clock, rows
from surveys.models import Record, Survey

MONTH = 31
_RECORD = select(Record.__table__).where(Record.survey_id == bindparam("survey_id"))
"""Its columns: a page looks at them once, and nearly always there is none."""


def record_words(survey: Survey, now: datetime) -> str:
    """For the first page, "you said, we did" and invitations, in the language that is spoken; empty without a record."""
    record = survey.along.record if survey.along else rows.first(_RECORD, survey_id=survey.id)
    return sentence(record, clock.local_date(now, survey.organisation.timezone)) if record else ""


def sentence(record: Record | Row[Any], today: date) -> str:
    people = _(
        "%(told)s heard back; for %(changed)s something changed, or will",
        told=format_decimal(record.told),
        changed=format_decimal(record.changed),
    )
    return "; ".join([_answered(record, today), people, *_dates(record)]) + "."


def _answered(record: Record | Row[Any], today: date) -> str:
    n, month = format_decimal(record.responses), format_date(record.last_day, "MMMM y")
    if (record.last_day - record.first_day).days >= MONTH:
        return _("In the twelve months up to %(month)s, %(n)s people answered", month=month, n=n)
    if record.last_day == today.replace(day=1) - timedelta(days=1):
        return _("Last month %(n)s people answered", n=n)
    return _("In %(month)s %(n)s people answered", month=month, n=n)


def _dates(record: Record | Row[Any]) -> list[str]:
    """Where no date fell in these days there is none to speak of."""
    if not record.dates:
        return []
    kept, dates = format_decimal(record.dates_kept), format_decimal(record.dates)
    return [_("%(kept)s of %(dates)s dates were kept", kept=kept, dates=dates)]
