"""Which periods a report can be about."""

from datetime import date, datetime, timedelta

import pytest

from core.db import writing
from core.errors import DomainError
from reports.asking import LONGEST_DAYS, ask
from surveys.models import Survey


@pytest.mark.parametrize(("first", "last", "sentence"), [
    (date(2026, 1, 2), date(2026, 1, 1), "ends before it begins"), (date(1999, 12, 31), date(2000, 1, 1), "about days from 2000 to 2100"),
    (date(2100, 12, 1), date(2101, 1, 1), "about days from 2000 to 2100"), (date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=LONGEST_DAYS + 1), "ten years"),
])  # fmt: skip
def test_the_verb_refuses_it_too(
    survey: Survey, now: datetime, first: date, last: date, sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence), writing():
        ask(survey, first, last, "nl", "Alice", now)


@pytest.mark.parametrize(("first", "last"), [
    (date(2026, 1, 1), date(2026, 1, 1)), (date(2000, 1, 1), date(2000, 1, 1)), (date(2100, 12, 31), date(2100, 12, 31)),
    (date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=LONGEST_DAYS)),
])  # fmt: skip
def test_the_bounds_themselves_are_taken(survey: Survey, now: datetime, first: date, last: date) -> None:
    with writing():
        assert ask(survey, first, last, "nl", "Alice", now).state == "queued"
