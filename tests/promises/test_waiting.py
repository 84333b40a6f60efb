"""Who is waiting: people times the full days since they last said something."""

from datetime import datetime, timedelta

import pytest

from core.db import writing
from promises.ending import conclude, end
from promises.ledger import Scope
from promises.models import Promise
from promises.opening import open_promise
from promises.waiting import SHOWN, Waiting, waiting
from surveys.models import Survey
from tests.cast import Cast
from tests.loop import answered, opened_survey, promises_of
from tests.promises.test_ledger import letter

DAY = timedelta(days=1)


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now)


def asked(survey: Survey, at: datetime, email: str = "rita@example.com") -> Promise:
    """What is owed to somebody who answered then."""
    with writing():
        (promise,) = promises_of(answered(survey, at, email=email))
    return promise


def counted(people: Cast, now: datetime) -> Waiting:
    return waiting(Scope(people.webshop.id), now)


@pytest.mark.both_databases
def test_each_person_counts_for_every_full_day(people: Cast, survey: Survey, now: datetime) -> None:
    for days in (12, 3, 0):
        asked(survey, now - days * DAY - timedelta(hours=23), f"{days}@example.com")
    found = counted(people, now)
    assert (found.people, found.days) == (3, 15)
    assert [(now - since).days for since, _ in found.longest] == [12, 3, 0]


def test_nobody_waits_at_first(people: Cast, survey: Survey, now: datetime) -> None:
    assert counted(people, now) == Waiting(0, 0, ())


def test_a_new_date_does_not_end_the_waiting(people: Cast, survey: Survey, now: datetime) -> None:
    first = asked(survey, now - 9 * DAY)
    with writing():
        end(first, "moved", now)
        open_promise(first.response, "moved", now + 9 * DAY, None, now, predecessor=first)
    assert counted(people, now).days == 9


@pytest.mark.both_databases
def test_a_word_ends_the_waiting_once_it_has_arrived(people: Cast, survey: Survey, now: datetime) -> None:
    promise = asked(survey, now - 9 * DAY)
    with writing():
        message = letter(people, now)
        message.state, message.sent_at = "queued", None
        conclude(promise, "done", message, "", now)
        end(promise, "told", now)
    assert counted(people, now).days == 9, "it is on its way"
    with writing():
        message.state, message.sent_at = "sent", now
    assert counted(people, now).people == 0


def test_whoever_says_that_it_is_not_solved_waits_from_then_on(
    people: Cast, survey: Survey, now: datetime
) -> None:
    promise = asked(survey, now - 9 * DAY)
    with writing():
        end(promise, "told", now - 2 * DAY)
        open_promise(promise.response, "not_solved", now + DAY, None, now - 2 * DAY)
    assert counted(people, now).days == 2


def test_only_the_longest_are_kept_and_all_are_counted(people: Cast, survey: Survey, now: datetime) -> None:
    for n in range(SHOWN + 2):
        asked(survey, now - n * DAY, f"{n}@example.com")
    found = counted(people, now)
    assert (found.people, len(found.longest)) == (SHOWN + 2, SHOWN)
    assert found.longest[0][0] == now - (SHOWN + 1) * DAY


def test_another_organisation_counts_its_own(people: Cast, survey: Survey, now: datetime) -> None:
    asked(survey, now - DAY)
    assert waiting(Scope(people.housing.id), now).people == 0
    assert waiting(Scope(people.webshop.id, survey.id + 1), now).people == 0
