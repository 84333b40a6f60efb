"""A round is a calendar month on the organisation's own clock: at its edges, over the year and when the clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock
from core.db import db, writing
from surveys.models import Round, Survey
from surveys.rounds import round_of
from tests.cast import Cast
from tests.loop import answered, opened_survey

BOTH = pytest.mark.both_databases


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def begins(survey: Survey, moment: datetime) -> str:
    with writing():
        found = db.session.get_one(Round, round_of(survey, moment))
        assert round_of(survey, moment) == found.id
        return f"{found.starts_on} {found.ends_on}"


@BOTH
@pytest.mark.parametrize(("moment", "first", "last"), [
    ("2026-10-31T22:59:59.999999", "2026-10-01", "2026-10-31"), ("2026-10-31T23:00:00", "2026-11-01", "2026-11-30"),
    ("2026-12-31T22:59:59", "2026-12-01", "2026-12-31"), ("2026-12-31T23:00:00", "2027-01-01", "2027-01-31"),
    ("2026-03-31T21:59:59", "2026-03-01", "2026-03-31"), ("2026-03-31T22:00:00", "2026-04-01", "2026-04-30"),
    ("2028-02-29T22:59:59", "2028-02-01", "2028-02-29"), ("2027-02-28T23:00:00", "2027-03-01", "2027-03-31"),
    ("2026-10-25T00:30:00", "2026-10-01", "2026-10-31"), ("2026-10-25T01:30:00", "2026-10-01", "2026-10-31"),
])  # fmt: skip
def test_a_month_begins_at_local_midnight(survey: Survey, moment: str, first: str, last: str) -> None:
    assert begins(survey, utc(moment)) == f"{first} {last}"


@pytest.mark.parametrize(("zone", "moment", "first"), [
    ("Pacific/Kiritimati", "2026-10-31T10:00:00", "2026-11-01"), ("Pacific/Kiritimati", "2026-10-31T09:59:59", "2026-10-01"),
    ("Pacific/Pago_Pago", "2026-11-01T10:59:59", "2026-10-01"), ("Pacific/Pago_Pago", "2026-11-01T11:00:00", "2026-11-01"),
    ("Asia/Kathmandu", "2026-10-31T18:15:00", "2026-11-01"), ("America/New_York", "2026-11-01T03:59:59", "2026-10-01"),
    ("Australia/Lord_Howe", "2026-09-30T13:30:00", "2026-10-01"), ("UTC", "2026-11-01T00:00:00", "2026-11-01"),
])  # fmt: skip
def test_on_the_clock_of_the_organisation(
    survey: Survey, people: Cast, zone: str, moment: str, first: str
) -> None:
    with writing():
        people.webshop.timezone = zone
    assert begins(survey, utc(moment)).split()[0] == first


@BOTH
def test_a_round_is_begun_once_and_only_by_an_answer(survey: Survey, now: datetime) -> None:
    assert db.session.query(Round).count() == 0
    with writing():
        rounds = {
            answered(survey, now + timedelta(minutes=n), email=f"{n}@example.com").round_id for n in range(3)
        }
    assert len(rounds) == 1
    with writing():
        answered(survey, now + timedelta(days=8))
    assert [r.starts_on for r in db.session.query(Round).order_by(Round.id)] == [
        date(2026, 11, 1),
        date(2026, 12, 1),
    ]


@BOTH
def test_an_answer_of_long_ago_belongs_to_the_round_of_its_own_day(survey: Survey, now: datetime) -> None:
    with writing():
        old = answered(survey, now, submitted_at=utc("2024-02-29T12:00:00"), history=True)
    assert (old.round.starts_on, old.round.ends_on) == (date(2024, 2, 1), date(2024, 2, 29))
    assert old.received_at == now


def test_two_surveys_have_rounds_of_their_own(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        other = opened_survey(people, now, "reparatie")
        assert answered(survey, now).round_id != answered(other, now).round_id


@settings(max_examples=200)
@given(st.integers(-(10**9), 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
       st.sampled_from(["Europe/Amsterdam", "America/St_Johns", "Pacific/Chatham", "Africa/Casablanca", "UTC"]))  # fmt: skip
def test_days_of_the_clock_agree_with_moments(moment: datetime, zone: str) -> None:
    """Whatever the zone: a moment lies in its own local day, and the next day begins a microsecond after its end."""
    day = clock.local_date(moment, zone)
    end = clock.end_of_day(day, zone)
    assert moment <= end
    assert clock.local_date(end, zone) == day
    assert clock.local_date(end + timedelta(microseconds=1), zone) == day + timedelta(days=1)
