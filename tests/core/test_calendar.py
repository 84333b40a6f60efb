"""Working days, opening hours, and the days on which the clock is changed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from core import calendar, clock
from core.models import WORKING_HOURS, Organisation

AMSTERDAM = "Europe/Amsterdam"
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


Week = list[list[str] | None]
WEEK: Week = [*[["09:00", "17:00"]] * 4, ["09:00", "12:30"], ["10:00", "14:00"], None]


def organisation(hours: Week = WEEK, **values: str) -> Organisation:
    return Organisation(hours=hours, **{"timezone": AMSTERDAM, "country": "NL", **values})


def at(text: str) -> datetime:
    """A moment on the wall clock of Amsterdam."""
    local = datetime.fromisoformat(text)
    return clock.at(local.date(), local.time(), AMSTERDAM)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23", 0, "2026-11-23"),  # Monday
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-27", 1, "2026-11-30"),  # Friday to Monday
        ("2026-11-28", 0, "2026-11-30"),  # Saturday
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-12-24", 1, "2026-12-28"),  # Christmas is a Friday and a Saturday
        ("2026-12-31", 1, "2027-01-04"),  # New Year's Day is a Friday
        ("2026-04-02", 1, "2026-04-07"),  # Good Friday to Easter Monday
        ("2028-02-28", 1, "2028-02-29"),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(start: str, days: int, end: str) -> None:
    assert calendar.add_working_days(date.fromisoformat(start), days, "NL") == date.fromisoformat(end)


def test_each_country_has_its_own_holidays() -> None:
    unity = date(2025, 10, 3)
    assert (calendar.is_working_day(unity, "NL"), calendar.is_working_day(unity, "DE")) == (True, False)


@effort(max_examples=100, deadline=None)
@given(DAYS, st.integers(0, 60))
def test_a_working_day_is_reached_and_later_days_are_never_earlier(start: date, days: int) -> None:
    end = calendar.add_working_days(start, days, "NL")
    assert calendar.is_working_day(end, "NL")
    assert start + timedelta(days=days) <= end <= calendar.add_working_days(start, days + 1, "NL")


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-23 08:59", None),
        ("2026-11-23 09:00", time(17)),
        ("2026-11-23 16:59", time(17)),
        ("2026-11-23 17:00", None),
        ("2026-11-27 12:00", time(12, 30)),
        ("2026-11-28 13:59", time(14)),
        ("2026-11-29 12:00", None),
        ("2026-12-25 12:00", None),
    ],
)
def test_until_when_somebody_answers_today(moment: str, until: time | None) -> None:
    assert calendar.open_until(organisation(), at(moment)) == until


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23 08:00", "2026-11-23 09:00"),
        ("2026-11-23 09:00", "2026-11-24 09:00"),
        ("2026-11-27 18:00", "2026-11-28 10:00"),
        ("2026-11-28 15:00", "2026-11-30 09:00"),
        ("2026-12-24 18:00", "2026-12-28 09:00"),
        ("2026-03-28 15:00", "2026-03-30 09:00"),  # over the night that is an hour shorter
        ("2026-10-24 15:00", "2026-10-26 09:00"),  # and over the one that is an hour longer
    ],
)
def test_when_somebody_answers_again(moment: str, opens: str) -> None:
    assert calendar.next_opening(organisation(), at(moment)) == at(opens)


def test_who_never_answers_opens_never() -> None:
    closed = organisation([None] * 7)
    assert calendar.open_until(closed, at("2026-11-23 12:00")) is None
    assert calendar.next_opening(closed, at("2026-11-23 12:00")) is None


def test_hours_are_on_the_wall_clock_of_the_organisation() -> None:
    moment = datetime(2026, 11, 23, 14, tzinfo=UTC)
    assert calendar.open_until(organisation(timezone="America/New_York", country="US"), moment) == time(17)
    assert calendar.open_until(organisation(timezone="Asia/Tokyo", country="JP"), moment) is None


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-23", 24), ("2028-02-29", 24)]
)
def test_a_local_day_ends_where_the_next_begins(day: str, hours: int) -> None:
    today = date.fromisoformat(day)
    begin, end = clock.at(today, time.min, AMSTERDAM), clock.end_of_day(today, AMSTERDAM)
    assert end - begin == timedelta(hours=hours) - timedelta(microseconds=1)
    assert (clock.local_date(end, AMSTERDAM), end.tzinfo) == (today, UTC)


def test_an_hour_that_is_there_twice_or_not_at_all_is_one_moment() -> None:
    assert clock.at(date(2026, 10, 25), time(2, 30), AMSTERDAM) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert clock.at(date(2026, 3, 29), time(2, 30), AMSTERDAM) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_the_present_is_aware_and_a_typed_moment_becomes_so() -> None:
    assert clock.now().tzinfo == UTC
    naive = datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001 - what somebody typed
    assert clock.aware(naive) == naive.replace(tzinfo=UTC)
    assert clock.aware(at("2026-11-23 09:30")) == at("2026-11-23 09:30")


@pytest.mark.parametrize(("day", "words"), [
    ("2026-12-25", "Friday 25 December 2026 is a public holiday. The first working day after it is Monday 28 December 2026."),
    ("2026-12-05", "Saturday 5 December 2026 is in a weekend. The first working day after it is Monday 7 December 2026."),
    ("2026-12-04", ""),
])  # fmt: skip
def test_a_day_off_is_named_with_the_day_that_would_do(app: Flask, day: str, words: str) -> None:
    shop = Organisation(country="NL", hours=WORKING_HOURS)
    with force_locale("en"):
        assert calendar.objection(date.fromisoformat(day), shop) == words


def test_a_saturday_with_opening_hours_is_a_day_to_work_on_in_its_country(app: Flask) -> None:
    shop = Organisation(country="BE", hours=[*WORKING_HOURS[:5], ["10:00", "14:00"], None])
    assert calendar.objection(date(2026, 12, 5), shop) == ""
    assert calendar.objection(date(2026, 7, 21), shop), "the national day of Belgium"
    assert calendar.objection(date(2026, 12, 6), shop)


@pytest.mark.parametrize(("end", "days", "before"), [
    (date(2026, 12, 7), 2, date(2026, 12, 3)), (date(2026, 12, 9), 2, date(2026, 12, 7)), (date(2026, 12, 6), 1, date(2026, 12, 4)),
    (date(2026, 12, 29), 2, date(2026, 12, 24)), (date(2026, 12, 9), 0, date(2026, 12, 9)),
])  # fmt: skip
def test_working_days_before_a_day(end: date, days: int, before: date) -> None:
    """Weekends and Christmas do not count."""
    assert calendar.working_days_before(end, days, "NL") == before


@given(DAYS, st.integers(1, 15))
def test_so_many_working_days_before_and_after_are_the_same_day(end: date, days: int) -> None:
    end = calendar.next_working_day(end, "NL")
    assert calendar.add_working_days(calendar.working_days_before(end, days, "NL"), days, "NL") == end
