"""A round is a survey's calendar month; it exists from its first answer on."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from core import clock
from core.db import db
from surveys.models import Round, Survey


def round_of(survey: Survey, moment: datetime) -> Round:
    """The round in which `moment` lies, on the organisation's own calendar."""
    first = clock.local_date(moment, survey.organisation.timezone).replace(day=1)
    found = db.session.scalar(select(Round).where(Round.survey_id == survey.id, Round.starts_on == first))
    return found or _begin(survey, first)


def _begin(survey: Survey, first: date) -> Round:
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    begun = Round(
        organisation_id=survey.organisation_id,
        survey_id=survey.id,
        survey=survey,
        starts_on=first,
        ends_on=last,
    )
    db.session.add(begun)
    db.session.flush()
    return begun
