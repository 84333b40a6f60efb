"""Moments are aware and in UTC, as they were written, whichever way they are read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from core import rows
from core.db import UTCDateTime, db, writing
from surveys.models import Survey
from tests.cast import Cast
from tests.loop import opened_survey

MOMENTS = (
    datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    datetime(2026, 11, 23, 9, 30, 0, 1, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=2))),
)


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now)


@pytest.mark.both_databases
def test_they_are_read_as_they_were_written(survey: Survey) -> None:
    survey_id = survey.id
    for moment in MOMENTS:
        with writing():
            db.session.execute(update(Survey).values(closed_at=moment))
        column = func.coalesce(Survey.closed_at, Survey.opened_at).label("at")
        query = select(column).where(Survey.id == survey_id)
        db.session.expire_all()
        read = db.session.get_one(Survey, survey_id).closed_at, db.session.scalar(query), rows.first(query).at
        assert read == (moment,) * 3
        assert {at.utcoffset() for at in read if at} == {timedelta()}


@pytest.mark.both_databases
def test_none_stays_none_and_the_latest_of_none_too(survey: Survey) -> None:
    assert db.session.get_one(Survey, survey.id).closed_at is None
    assert db.session.scalar(select(func.max(Survey.closed_at))) is None


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        UTCDateTime().process_bind_param(datetime(2026, 11, 23), db.engine.dialect)  # noqa: DTZ001 - that is what is refused
