"""Who may be asked: nobody who left this mail, and nobody again within thirty days; ninety before a survey with NPS."""

from datetime import datetime, timedelta

import pytest

from core.db import db, writing
from customers.models import Identity
from outbox.suppressing import suppress
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.invitations.frequency import between, sorted_out
from surveys.invitations.listed import Person
from surveys.models import Survey
from tests.cast import Cast
from tests.inviting import RITA, invited

DAY = timedelta(days=1)


def left_out(survey: Survey, now: datetime, *mails: str) -> dict[str, str]:
    """address → why it is not asked"""
    people = [Person(n, mail) for n, mail in enumerate(mails or (RITA,), start=1)]
    asked, problems = sorted_out(survey, people, now)
    assert {p.email for p in asked} | {p.words for p in problems} == {p.email for p in people}
    return {p.words: p.why for p in problems}


@pytest.fixture
def nps(people: Cast, now: datetime) -> Survey:
    with writing():
        made = create_survey(
            people.webshop.id,
            "nps",
            {"en": "Us"},
            "en",
            people.alice.id,
            [Draft("nps", "nps", {"en": "How likely?"})],
            now,
        )
        open_survey(made, now)
        return made


def test_whoever_was_never_asked_is_asked(survey: Survey, now: datetime) -> None:
    assert left_out(survey, now, RITA, "unknown@example.com") == {}


@pytest.mark.both_databases
def test_within_thirty_days_nobody_is_asked_again(survey: Survey, now: datetime) -> None:
    with writing():
        invited(survey, now)
    assert left_out(survey, now + DAY) == {
        RITA: "They were asked 1 day ago; we leave people alone for 30 days."
    }
    assert left_out(survey, now + 30 * DAY - timedelta(minutes=1))
    assert left_out(survey, now + 30 * DAY) == {}


def test_before_a_survey_with_nps_it_is_ninety_days(survey: Survey, nps: Survey, now: datetime) -> None:
    assert (between(survey).days, between(nps).days) == (30, 90)
    with writing():
        invited(survey, now)
    assert left_out(nps, now + 89 * DAY) == {
        RITA: "They were asked 89 days ago; we leave people alone for 90 days."
    }
    assert left_out(nps, now + 90 * DAY) == {}


def test_any_survey_counts_and_any_address_of_the_same_person(
    people: Cast, survey: Survey, nps: Survey, now: datetime
) -> None:
    with writing():
        db.session.add(Identity(organisation_id=people.webshop.id, customer_id=people.rita.id, kind="mail",
                                value="Work@example.com", key="work@example.com", created_at=now))  # fmt: skip
        invited(nps, now, "work@example.com")
    assert set(left_out(survey, now + DAY, "RITA@example.com")) == {"RITA@example.com"}


def test_what_will_be_asked_counts_and_what_was_taken_back_does_not(survey: Survey, now: datetime) -> None:
    with writing():
        later = invited(survey, now, send_at=now + 3 * DAY)
    assert left_out(survey, now) == {RITA: "They are on another list already, to be asked later."}
    with writing():
        db.session.get_one(type(later), later.id).withdrawn_at = now
    assert left_out(survey, now) == {}


def test_another_organisation_asks_whom_it_likes(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        theirs = create_survey(
            people.housing.id,
            "wonen",
            {"en": "Home"},
            "en",
            people.charlie.id,
            [Draft("csat", "csat", {"en": "How?"})],
            now,
        )
        open_survey(theirs, now)
        invited(survey, now)
    assert left_out(theirs, now + DAY) == {}


@pytest.mark.parametrize(("reason", "stream", "words"), [
    ("unsubscribed", "survey", "They get no more invitations: they asked so."), ("hard_bounce", "", "Mail to this address comes back."),
    ("complaint", "", "They called our mail spam."), ("erased", "", "They asked to be forgotten."), ("by_hand", "", "This address is blocked."),
])  # fmt: skip
def test_who_is_blocked_says_why(survey: Survey, now: datetime, reason: str, stream: str, words: str) -> None:
    with writing():
        suppress(survey.organisation_id, RITA, reason, now, stream)
    assert left_out(survey, now) == {RITA: words}


def test_who_left_only_the_mail_that_answers_may_still_be_asked(survey: Survey, now: datetime) -> None:
    with writing():
        suppress(survey.organisation_id, RITA, "unsubscribed", now, "service")
    assert left_out(survey, now) == {}
