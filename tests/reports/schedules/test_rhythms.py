"""Which periods are over: by local dates, through leap years, turns of the year and both changes of the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.db import db, writing
from reports.schedules.models import Run, Schedule
from reports.schedules.rhythms import Days, before, over, surveys, today
from surveys.models import Round, Survey
from tests.cast import Cast
from tests.desk import survey
from tests.loop import opened_survey
from tests.reports.schedules.test_scheduling import made

__all__ = ["survey"]


def days(first: str, last: str) -> Days:
    return date.fromisoformat(first), date.fromisoformat(last)


@pytest.mark.parametrize(("every", "day", "first", "last"), [
    ("week", "2026-11-23", "2026-11-16", "2026-11-22"), ("week", "2026-11-22", "2026-11-09", "2026-11-15"),
    ("week", "2027-01-04", "2026-12-28", "2027-01-03"), ("month", "2026-12-01", "2026-11-01", "2026-11-30"),
    ("month", "2026-12-31", "2026-11-01", "2026-11-30"), ("month", "2028-03-01", "2028-02-01", "2028-02-29"),
    ("month", "2027-01-01", "2026-12-01", "2026-12-31"), ("quarter", "2026-12-31", "2026-07-01", "2026-09-30"),
    ("quarter", "2027-01-01", "2026-10-01", "2026-12-31"), ("quarter", "2026-04-01", "2026-01-01", "2026-03-31"),
])  # fmt: skip
def test_the_last_whole_period(every: str, day: str, first: str, last: str) -> None:
    assert before(every, date.fromisoformat(day)) == days(first, last)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["week", "month", "quarter"]))
def test_periods_follow_one_another_without_a_gap_and_none_is_still_running(day: date, every: str) -> None:
    first, last = before(every, day)
    earlier = before(every, first)
    assert first <= last < day
    assert earlier[1] + timedelta(days=1) == first
    assert before(every, last + timedelta(days=1)) == (first, last)
    assert before(every, last) == earlier


@pytest.mark.parametrize(("moment", "day"), [
    ("2026-10-25T22:30", "2026-10-25"),  # half past eleven in the evening, an hour later than the day before
    ("2026-10-26T04:59", "2026-10-25"), ("2026-10-26T05:00", "2026-10-26"),  # six in the morning, after the autumn change
    ("2026-10-25T04:59", "2026-10-24"), ("2026-10-25T05:00", "2026-10-25"),  # on the very night
    ("2026-10-24T03:59", "2026-10-23"), ("2026-10-24T04:00", "2026-10-24"),
    ("2026-03-29T03:59", "2026-03-28"), ("2026-03-29T04:00", "2026-03-29"),
])  # fmt: skip
def test_a_day_begins_at_six_by_the_clock_on_the_wall(
    people: Cast, now: datetime, moment: str, day: str
) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert today(made(people, now), at) == date.fromisoformat(day)


def test_another_zone_has_a_day_of_its_own(people: Cast, now: datetime) -> None:
    schedule = made(people, now)
    with writing():
        people.webshop.timezone = "Pacific/Auckland"
    assert today(schedule, datetime(2026, 11, 30, 17, 30, tzinfo=UTC)) == date(2026, 12, 1)


def test_the_week_of_the_change_is_seven_days_once(people: Cast, now: datetime) -> None:
    schedule = made(people, now, every="week")
    with writing():
        schedule.begins_on = date(2026, 10, 21)
    assert over(schedule, date(2026, 10, 25)) == []
    assert over(schedule, date(2026, 10, 26)) == [days("2026-10-19", "2026-10-25")]


def test_what_was_over_before_it_began_was_never_missed(people: Cast, now: datetime) -> None:
    schedule = made(people, now)
    assert over(schedule, date(2026, 11, 30)) == []
    assert over(schedule, date(2026, 12, 1)) == [days("2026-11-01", "2026-11-30")]


def test_made_on_the_last_day_of_a_period_it_is_about_that_one(people: Cast) -> None:
    schedule = made(people, datetime(2026, 11, 30, 20, 0, tzinfo=UTC))
    assert over(schedule, date(2026, 12, 1)) == [days("2026-11-01", "2026-11-30")]


def test_made_on_the_first_day_the_one_before_is_not_about_it(people: Cast) -> None:
    schedule = made(people, datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    assert over(schedule, date(2026, 12, 31)) == []


def test_all_that_were_missed_are_found_newest_first(people: Cast, now: datetime) -> None:
    found = over(made(people, now), date(2027, 3, 5))
    assert [first.month for first, _last in found] == [2, 1, 12, 11]


def test_what_was_made_is_not_found_again_nor_what_came_before_it(people: Cast, now: datetime) -> None:
    schedule = made(people, now)
    ran(schedule, *days("2027-01-01", "2027-01-31"), now)
    assert over(schedule, date(2027, 2, 28)) == []
    assert over(schedule, date(2027, 3, 1)) == [days("2027-02-01", "2027-02-28")]


def test_a_round_is_over_when_somebody_answered_in_it(people: Cast, survey: Survey, now: datetime) -> None:
    schedule = made(people, now, every="round", survey=survey)
    assert over(schedule, date(2027, 2, 1)) == []
    for month in (11, 12):
        began(survey, date(2026, month, 1))
    assert over(schedule, date(2026, 11, 30)) == []
    assert [first for first, _last in over(schedule, date(2027, 2, 1))] == [date(2026, 12, 1), date(2026, 11, 1)]  # fmt: skip


def test_rounds_of_all_surveys_are_one_period_and_only_those_that_had_one_are_in_it(
    people: Cast, survey: Survey, now: datetime
) -> None:
    schedule = made(people, now, every="round")
    with writing():
        second, _silent = (opened_survey(people, now, slug) for slug in ("repair", "silent"))
    for one in (survey, second):
        began(one, date(2026, 11, 1))
    assert over(schedule, date(2026, 12, 1)) == [days("2026-11-01", "2026-11-30")]
    assert surveys(schedule, days("2026-11-01", "2026-11-30")) == [survey, second]


def test_an_answer_of_an_older_round_that_comes_late_makes_none(
    people: Cast, survey: Survey, now: datetime
) -> None:
    schedule = made(people, now, every="round")
    ran(schedule, *days("2026-12-01", "2026-12-31"), now)
    began(survey, date(2026, 11, 1))
    assert over(schedule, date(2027, 1, 15)) == []


@pytest.mark.security("another tenant")
@pytest.mark.parametrize("every", ["month", "round"])
def test_another_organisations_surveys_and_rounds_are_not_in_it(
    people: Cast, now: datetime, every: str
) -> None:
    schedule = made(people, now, every=every)
    with writing():
        theirs = opened_survey(people, now, "theirs")
        theirs.organisation_id = people.housing.id
    began(theirs, date(2026, 11, 1))
    assert surveys(schedule, days("2026-11-01", "2026-11-30")) == []
    assert every == "month" or over(schedule, date(2026, 12, 1)) == []


@pytest.mark.parametrize(("opened", "closed", "there"), [
    ("2026-11-30T22:59", None, True), ("2026-11-30T23:00", None, False), ("2026-01-01T00:00", "2026-10-31T22:59", False),
    ("2026-01-01T00:00", "2026-10-31T23:00", True), (None, None, False),
])  # fmt: skip
def test_of_all_surveys_those_that_were_open_in_the_period(
    people: Cast, survey: Survey, now: datetime, opened: str | None, closed: str | None, there: bool
) -> None:
    schedule = made(people, now)
    with writing():
        survey.opened_at, survey.closed_at = (at(moment) for moment in (opened, closed))
    assert (surveys(schedule, days("2026-11-01", "2026-11-30")) == [survey]) is there


def at(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None


def ran(schedule: Schedule, first: date, last: date, now: datetime) -> None:
    here = {"organisation_id": schedule.organisation_id, "schedule_id": schedule.id}
    with writing():
        db.session.add(Run(**here, first_day=first, last_day=last, asked_at=now))


def began(survey: Survey, first: date) -> None:
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    here = {"organisation_id": survey.organisation_id, "survey_id": survey.id}
    with writing():
        db.session.add(Round(**here, starts_on=first, ends_on=last))
    assert db.session.scalar(select(Round.id))
