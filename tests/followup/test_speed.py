"""How soon people hear: the first word that a person caused, and what came of it."""

from datetime import datetime, timedelta

import pytest

from core.db import writing
from followup.speed import Spread, speed, spread
from outbox.freezing import freeze
from outbox.models import Message
from promises.ending import conclude, end
from promises.ledger import Scope
from promises.opening import open_promise
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import scored
from tests.loop import promises_of
from tests.pages import get

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def heard(response: Response, how: str, at: datetime, state: str = "sent") -> Message:
    """A message that ended what was owed, and arrived an hour after it was written."""
    promise = promises_of(response)[-1]
    with writing():
        message = freeze(
            response.organisation_id, "update", "rita@example.com", "s", "t", "<p>t</p>", "A", "en", at
        )
        message.state, message.sent_at = state, at + HOUR if state == "sent" else None
        conclude(promise, how, message, "", at)
        end(promise, "moved" if how in {"moved", "no_news"} else "told", at)
        if how in {"moved", "no_news", "planned"}:
            open_promise(
                response,
                "more" if how == "planned" else how,
                at + 9 * DAY,
                None,
                at,
                predecessor=promise if how == "moved" else None,
            )
    return message


@pytest.mark.both_databases
def test_a_word_and_an_outcome_are_counted_from_the_answer(
    people: Cast, survey: Survey, now: datetime
) -> None:
    response = scored(survey, now)
    heard(response, "planned", now + 5 * HOUR)
    heard(response, "done", now + 2 * DAY)
    found = speed(Scope(people.webshop.id), now + 3 * DAY)
    assert (found.asked, found.without, found.in_time) == (1, 0, 1)
    assert (found.first_word.median, found.outcome.median) == (6 * HOUR, 2 * DAY + HOUR)


@pytest.mark.parametrize("how", ["no_news", "default"])
def test_what_comes_by_itself_is_no_word(people: Cast, survey: Survey, now: datetime, how: str) -> None:
    heard(scored(survey, now), how, now + DAY)
    found = speed(Scope(people.webshop.id), now + 2 * DAY)
    assert (found.asked, found.without, found.first_word.median) == (1, 1, None)


def test_a_date_that_a_person_moved_is_a_word_and_no_outcome(
    people: Cast, survey: Survey, now: datetime
) -> None:
    heard(scored(survey, now), "moved", now + DAY)
    found = speed(Scope(people.webshop.id), now + 2 * DAY)
    assert (found.first_word.n, found.outcome.n) == (1, 0)


@pytest.mark.parametrize("state", ["queued", "unknown", "failed"])
def test_a_word_that_has_not_arrived_is_none_yet(
    people: Cast, survey: Survey, now: datetime, state: str
) -> None:
    heard(scored(survey, now), "done", now + DAY, state)
    assert speed(Scope(people.webshop.id), now + 2 * DAY).without == 1


def test_a_word_after_the_first_date_is_late_whatever_was_promised_later(
    people: Cast, survey: Survey, now: datetime
) -> None:
    response = scored(survey, now)
    heard(response, "no_news", now + DAY)
    heard(response, "done", now + 60 * DAY)
    found = speed(Scope(people.webshop.id), now + 61 * DAY)
    assert (found.first_word.n, found.in_time) == (1, 0)


def test_what_was_answered_long_ago_or_elsewhere_is_left_out(
    people: Cast, survey: Survey, now: datetime
) -> None:
    heard(scored(survey, now), "done", now + DAY)
    assert speed(Scope(people.webshop.id), now + 91 * DAY).asked == 0
    assert speed(Scope(people.housing.id), now + DAY).asked == 0


def test_half_and_nine_in_ten_are_times_that_somebody_had() -> None:
    hours = [n * HOUR for n in range(1, 11)]
    assert spread(reversed(hours)) == Spread(10, 5 * HOUR, 9 * HOUR)


def test_nine_people_have_no_ninetieth_percentile() -> None:
    assert spread([HOUR] * 9) == Spread(9, HOUR, None)
    assert spread([]) == Spread(0, None, None)


def test_the_page_says_it_beside_the_survey_s_own_promise(
    bob: Colleague, survey: Survey, now: datetime
) -> None:
    for n in range(10):
        heard(scored(survey, now - 3 * DAY, email=f"{n}@example.com"), "done", now - 2 * DAY)
    scored(survey, now, email="last@example.com")
    words = get(bob, "/ledger?survey=bestelling").words
    assert "This survey promises a word within" in words
    assert "First word: half of them within 25 hours n = 10 nine in ten within 25 hours" in words
    assert "First word by the date promised first 10 of 10 n = 10" in words
    assert "1 have had none yet" in words


def test_with_few_people_no_more_is_said_than_is_known(bob: Colleague, survey: Survey, now: datetime) -> None:
    heard(scored(survey, now - 9 * DAY), "done", now - DAY)
    words = get(bob, "/ledger").words
    assert "half of them within 9 days n = 1 too few people to say more" in words
    assert "This survey promises" not in words, "all surveys have no reply time of their own"
