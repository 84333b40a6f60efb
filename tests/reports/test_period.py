"""A period of a report: local days, as long as the clock makes them, of one survey."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.db import writing
from reports import queries
from reports.figures import Satisfaction
from reports.period import Period, period
from surveys.models import Survey
from tests.cast import Cast
from tests.loop import opened_survey
from tests.reports.test_counting import FIRST, LAST, NOW, Given, put_in


@pytest.mark.parametrize(("first", "last", "hours"), [
    (date(2026, 10, 25), date(2026, 10, 25), 25), (date(2026, 3, 29), date(2026, 3, 29), 23), (date(2026, 11, 1), date(2026, 11, 30), 720),
    (date(2026, 10, 1), date(2026, 10, 31), 745), (date(2028, 2, 1), date(2028, 2, 29), 696),
])  # fmt: skip
def test_a_period_is_as_long_as_its_local_days(survey: Survey, first: date, last: date, hours: int) -> None:
    over = period(survey, first, last, NOW)
    assert over.scope.until
    assert over.scope.since
    assert (over.scope.until - over.scope.since) / timedelta(hours=1) == hours
    assert over.before().scope.until == over.scope.since
    assert over.before().last - over.before().first == last - first


def test_it_is_looked_at_no_later_than_its_end(survey: Survey) -> None:
    ended, going = period(survey, FIRST, LAST, NOW), period(survey, FIRST, date(2026, 12, 31), NOW)
    assert ended.as_of == datetime(2026, 11, 12, 22, 59, 59, 999999, tzinfo=UTC)
    assert going.as_of == NOW


def test_another_survey_and_another_organisation_count_elsewhere(people: Cast, survey: Survey) -> None:
    with writing():
        other = opened_survey(people, NOW, "reparatie")
    middle = Given(5, datetime(2026, 11, 1, 12, tzinfo=UTC), False, "Fine.")
    put_in(survey, [middle])
    put_in(other, [middle, middle])
    assert queries.satisfaction(_november(survey)).scores == (0, 0, 0, 0, 1)
    assert queries.satisfaction(_november(other)).scores == (0, 0, 0, 0, 2)


def _november(survey: Survey) -> Period:
    return period(survey, FIRST, LAST, NOW)


def test_a_change_is_never_claimed_from_few_answers() -> None:
    few, many = (0, 0, 0, 0, 29), (40, 0, 0, 0, 0)
    assert Satisfaction(few, many, ()).change is None
    assert Satisfaction(many, few, ()).change is None
    found = Satisfaction((0, 0, 0, 0, 30), many, ()).change
    assert found
    assert found.real
