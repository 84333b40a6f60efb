""" "You said, we did", for everybody: approved rounds, newest first, in the reader's language."""

from datetime import date, datetime

import pytest
from flask.testing import FlaskClient

from core.db import writing
from surveys.building import close_survey
from surveys.models import Round, Survey
from tests.cast import Cast, added
from tests.loop import opened_survey
from tests.pages import Page, get


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now)


def a_round(survey: Survey, month: int, words: dict[str, str], approved_at: datetime | None) -> None:
    with writing():
        first, last = date(2026, month, 1), date(2026, month, 28)
        added(
            Round(
                organisation_id=survey.organisation_id,
                survey=survey,
                starts_on=first,
                ends_on=last,
                digest=words,
                approved_at=approved_at,
            )
        )


def page(client: FlaskClient, language: str = "en") -> Page:
    return get(client, "/s/bestelling/you-said", headers={"Accept-Language": language})


def test_before_the_first_month_it_says_what_comes_here(client: FlaskClient, survey: Survey) -> None:
    found = page(client)
    assert found.status == 200
    assert "Nothing stands here yet" in found.words
    assert "After each month this page says what was done" in found.words


def test_approved_months_newest_first(client: FlaskClient, survey: Survey, now: datetime) -> None:
    a_round(survey, 9, {"en": "You said: torn.\nWe did: double boxes."}, now)
    a_round(survey, 10, {"en": "You said: late."}, now)
    words = page(client).words
    assert words.index("October 2026 You said: late.") < words.index(
        "September 2026 You said: torn. We did: double boxes."
    )


def test_what_nobody_approved_is_not_shown(client: FlaskClient, survey: Survey) -> None:
    a_round(survey, 10, {"en": "A draft."}, None)
    assert "A draft." not in page(client).words


@pytest.mark.parametrize(("language", "words"), [("en", "In English."), ("nl", "In het Nederlands.")])
def test_in_the_readers_language(
    client: FlaskClient, survey: Survey, now: datetime, language: str, words: str
) -> None:
    a_round(survey, 10, {"en": "In English.", "nl": "In het Nederlands."}, now)
    assert words in page(client, language).words


def test_in_the_surveys_language_where_nobody_wrote_the_readers(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    a_round(survey, 10, {"nl": "Alleen Nederlands."}, now)
    assert "Alleen Nederlands." in page(client, "en").words


def test_markup_in_the_words_is_shown_as_words(client: FlaskClient, survey: Survey, now: datetime) -> None:
    a_round(survey, 10, {"en": "<b>You</b> said <script>x</script>"}, now)
    assert "<b>You</b> said <script>x</script>" in page(client).words


def test_it_leads_to_the_survey_while_that_is_open(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    assert page(client).links()["Give your own answer"] == "/s/bestelling"
    with writing():
        close_survey(survey, now)
    assert "Give your own answer" not in page(client).words


def test_a_survey_that_is_not_there(client: FlaskClient, people: Cast) -> None:
    found = get(client, "/s/nergens/you-said", headers={"Accept-Language": "en"})
    assert found.status == 404
    assert "There is no survey at this address." in found.words
