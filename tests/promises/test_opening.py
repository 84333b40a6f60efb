"""What is owed from the moment somebody answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from core.db import writing
from promises.opening import open_promise
from surveys.builder.building import ReplyTime
from tests.cast import Cast
from tests.loop import answered, day, opened_survey, promises_of


def test_a_comment_is_owed_a_word_within_the_reply_time_in_working_days(people: Cast, now: datetime) -> None:
    with writing():
        response = answered(opened_survey(people, now), now)
    (promise,) = promises_of(response)
    assert (promise.due_on, promise.who.name, promise.channel, promise.kind) == (
        day("2026-11-30"),
        "Alice Adams",
        "mail",
        "update",
    )
    assert promise.due_at == datetime(2026, 11, 30, 22, 59, 59, 999999, tzinfo=UTC), (
        "the end of the day in Amsterdam"
    )


def test_public_holidays_are_no_working_days(people: Cast) -> None:
    before_easter = datetime(2027, 3, 25, 12, tzinfo=UTC)
    with writing():
        response = answered(opened_survey(people, before_easter, reply=ReplyTime(2)), before_easter)
    assert promises_of(response)[0].due_on == day("2027-03-31"), "Good Friday and Easter Monday do not count"


def test_a_promise_in_hours_is_due_at_a_moment(people: Cast, now: datetime) -> None:
    with writing():
        response = answered(opened_survey(people, now, reply=ReplyTime(None, hours=48)), now)
    (promise,) = promises_of(response)
    assert (promise.due_at, promise.due_on) == (now + timedelta(hours=48), None)


def test_a_bare_score_is_owed_the_digest_of_its_round(people: Cast, now: datetime) -> None:
    with writing():
        response = answered(opened_survey(people, now), now, comment="")
    assert promises_of(response)[0].due_on == day("2026-12-07"), "five working days after 30 November"


def test_it_counts_from_receipt_never_from_an_imported_date(people: Cast, now: datetime) -> None:
    with writing():
        response = answered(opened_survey(people, now), now, submitted_at=now - timedelta(days=300))
    assert promises_of(response)[0].due_on == day("2026-11-30")


@pytest.mark.parametrize("values", [{"wants": "none"}, {"history": True}])
def test_nothing_is_owed_to_who_asked_for_nothing_or_to_history(
    people: Cast, now: datetime, values: dict[str, Any]
) -> None:
    with writing():
        response = answered(opened_survey(people, now), now, **values)
    assert promises_of(response) == []


def test_the_deputy_is_named_while_the_signer_is_away(people: Cast, now: datetime) -> None:
    with writing():
        survey = opened_survey(people, now)
        people.alice.memberships[0].away_until = now + timedelta(days=3)
        response = answered(survey, now)
    assert promises_of(response)[0].who.name == "Bob Bakker"


@pytest.mark.both_databases
def test_the_database_refuses_a_second_open_promise(people: Cast, now: datetime) -> None:
    with writing():
        response = answered(opened_survey(people, now), now)
    with pytest.raises(IntegrityError), writing():
        open_promise(response, "more", now, None, now)
    assert len(promises_of(response)) == 1
