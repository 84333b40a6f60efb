"""How a human can be reached: what holds now for a page, and the week for a mail, in the reader's language."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from core import clock
from core.calendar import add_working_days, next_opening, open_until
from core.models import WORKING_HOURS, Organisation
from core.reach import reach

NINE_TO_FIVE = ["09:00", "17:00"]


def shop(**values: Any) -> Organisation:
    said: dict[str, Any] = {
        "timezone": "Europe/Amsterdam",
        "country": "NL",
        "hours": WORKING_HOURS,
        "phone": "",
        "address": "",
        "mail": "",
    }
    return Organisation(**{**said, **values})


def at(text: str) -> datetime:
    """A moment on the clock of Amsterdam."""
    moment = datetime.fromisoformat(text)
    return clock.at(moment.date(), moment.time(), "Europe/Amsterdam")


@pytest.mark.parametrize(("moment", "says"), [
    ("2026-11-23T08:59:59", "Closed now; open again on Monday 23 November from 09:00."), ("2026-11-23T09:00:00", "Open now, until 17:00."),
    ("2026-11-23T16:59:59", "Open now, until 17:00."), ("2026-11-23T17:00:00", "Closed now; open again on Tuesday 24 November from 09:00."),
    ("2026-11-27T17:00:00", "Closed now; open again on Monday 30 November from 09:00."), ("2026-12-25T10:00:00", "Closed now; open again on Monday 28 December from 09:00."),
    ("2027-04-27T10:00:00", "Closed now; open again on Wednesday 28 April from 09:00."), ("2026-10-25T02:30:00", "Closed now; open again on Monday 26 October from 09:00."),
    ("2026-12-31T23:59:59", "Closed now; open again on Monday 4 January from 09:00."),
])  # fmt: skip
def test_what_holds_now(wordy_app: Flask, moment: str, says: str) -> None:
    with wordy_app.app_context(), force_locale("en"):
        assert reach(shop(), at(moment)).hours == says


@pytest.mark.parametrize(("hours", "english", "dutch"), [
    (WORKING_HOURS, "Monday to Friday 09:00–17:00", "maandag tot en met vrijdag 09:00–17:00"), ([NINE_TO_FIVE] * 7, "Monday to Sunday 09:00–17:00", "maandag tot en met zondag 09:00–17:00"),
    ([None, NINE_TO_FIVE, None, None, None, None, None], "Tuesday 09:00–17:00", "dinsdag 09:00–17:00"), ([None] * 7, "", ""),
    ([NINE_TO_FIVE, NINE_TO_FIVE, None, NINE_TO_FIVE, NINE_TO_FIVE, ["10:00", "14:00"], None],
     "Monday to Tuesday 09:00–17:00; Thursday to Friday 09:00–17:00; Saturday 10:00–14:00", "maandag tot en met dinsdag 09:00–17:00; donderdag tot en met vrijdag 09:00–17:00; zaterdag 10:00–14:00"),
])  # fmt: skip
def test_the_week_for_who_reads_it_later(
    wordy_app: Flask, hours: list[Any], english: str, dutch: str
) -> None:
    with wordy_app.app_context():
        for language, words in (("en", english), ("nl", dutch)):
            with force_locale(language):
                assert reach(shop(hours=hours), at("2026-11-23T10:00:00")).week == words


def test_without_hours_nothing_is_claimed(wordy_app: Flask) -> None:
    with wordy_app.app_context(), force_locale("en"):
        found = reach(shop(hours=[None] * 7, phone="043 123 45 67"), at("2026-11-23T10:00:00"))
    assert (found.hours, found.week, found.phone) == ("", "", "043 123 45 67")


def test_the_clock_of_the_organisation_decides() -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert open_until(shop(timezone="America/New_York"), noon) is None
    assert open_until(shop(timezone="Europe/Amsterdam"), noon) == time(17)
    assert open_until(shop(timezone="Pacific/Kiritimati"), noon) is None


def test_a_feast_of_one_country_is_a_day_of_another() -> None:
    kings_day = at("2027-04-27T10:00:00")
    assert open_until(shop(country="NL"), kings_day) is None
    assert open_until(shop(country="BE"), kings_day) == time(17)


def test_open_and_next_opening_never_contradict_each_other() -> None:
    """Every half hour of the five weeks around the new year: closed until the next opening, open at it."""
    shop_, moment = shop(), datetime(2026, 12, 10, tzinfo=UTC)
    for _ in range(48 * 35):
        following = next_opening(shop_, moment)
        assert following
        assert following > moment
        assert open_until(shop_, following) == time(17)
        assert open_until(shop_, following - timedelta(seconds=1)) is None
        moment += timedelta(minutes=30)


@pytest.mark.parametrize(("start", "days", "due"), [
    ("2026-11-23", 0, "2026-11-23"), ("2026-11-23", 1, "2026-11-24"), ("2026-11-27", 1, "2026-11-30"), ("2026-11-28", 0, "2026-11-30"),
    ("2026-11-28", 1, "2026-11-30"), ("2026-12-24", 1, "2026-12-28"), ("2026-12-31", 1, "2027-01-04"), ("2027-04-26", 1, "2027-04-28"),
    ("2028-02-28", 1, "2028-02-29"), ("2026-11-23", 60, "2027-02-17"),
])  # fmt: skip
def test_working_days(start: str, days: int, due: str) -> None:
    assert add_working_days(date.fromisoformat(start), days, "NL") == date.fromisoformat(due)


def test_one_more_working_day_is_always_later() -> None:
    start = date(2026, 12, 1)
    for n in range(400):
        day = start + timedelta(days=n)
        counted = [add_working_days(day, k, "NL") for k in range(8)]
        assert counted[1:] == sorted(set(counted[1:]))
        assert all(d.weekday() < 5 for d in counted)
