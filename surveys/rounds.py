"""A round is a survey's calendar month; it exists from its first answer on."""

from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select

from core import clock, rows
from surveys.models import Round, Survey

_ROUND = select(Round.id).where(
    Round.survey_id == bindparam("survey_id"), Round.starts_on == bindparam("first")
)

_LAST_DAY = select(Round.ends_on).where(Round.id == bindparam("id"))


def last_day(round_id: int) -> date:
    day: date = rows.first(_LAST_DAY, id=round_id)[0]
    return day


def round_of(survey: Survey, moment: datetime) -> int:
    """The id of the round in which `moment` lies, on the organisation's own calendar."""
    first = clock.local_date(moment, survey.organisation.timezone).replace(day=1)
    found = rows.first(_ROUND, survey_id=survey.id, first=first)
    return found[0] if found else _begin(survey, first)


def _begin(survey: Survey, first: date) -> int:
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    organisation_id = survey.organisation_id
    return rows.put(
        Round, organisation_id=organisation_id, survey_id=survey.id, starts_on=first, ends_on=last
    )
