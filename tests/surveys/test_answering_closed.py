"""Unknown, not open yet, closed: a page that says so, since when, and how to reach someone."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from core.db import writing
from surveys.builder.building import close_survey, create_survey, open_survey
from surveys.models import Survey
from tests.cast import Cast
from tests.pages import Page, send
from tests.surveys.answers import ALL_KINDS, opened, responses


@pytest.mark.both_databases
def test_an_unknown_survey_is_a_page_that_says_so(client: FlaskClient, people: Cast) -> None:
    for slug in ("nergens", "Bestelling", "%00", "-", "x" * 200, "' OR 1=1--", "%F0%9F%94%94"):
        page = opened(client, f"/s/{slug}")
        assert page.status == 404, slug
        assert "There is no survey at this address." in page.words


def test_a_draft_is_not_open_yet(client: FlaskClient, people: Cast, now: datetime) -> None:
    with writing():
        create_survey(
            people.webshop.id, "straks", {"nl": "Straks"}, "nl", people.alice.id, ALL_KINDS[:1], now
        )
    page = opened(client, "/s/straks?lang=en")
    assert page.status == 404


@pytest.fixture
def closed(survey: Survey, now: datetime) -> Survey:
    with writing():
        survey.organisation.phone, survey.organisation.mail = "043 123 45 67", "help@webshop.example"
        close_survey(survey, now + timedelta(hours=20))
    return survey


def test_a_closed_survey_says_since_when_and_how_to_reach_someone(
    client: FlaskClient, closed: Survey
) -> None:
    page = opened(client)
    assert page.status == 410
    assert page.heading == "This survey closed on 24 November 2026.", "on the organisation's own calendar"
    assert "043 123 45 67" in page.words
    assert page.links()["help@webshop.example"] == "mailto:help@webshop.example"


def test_what_was_typed_while_it_closed_is_not_lost(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    page = opened(client)
    with writing():
        close_survey(survey, now)
    late = Page(
        send(
            client,
            page,
            csat="2",
            comment="The box\nwas torn.",
            contact__wants="mail",
            contact__email="rita@example.com",
        )
    )
    assert late.status == 410
    assert "The box was torn." in late.words
    assert "rita@example.com" in late.words
    assert "copy it from here" in late.words
    assert responses() == []


def test_a_survey_that_opens_again_takes_answers(client: FlaskClient, closed: Survey, now: datetime) -> None:
    with writing():
        open_survey(closed, now + timedelta(days=2))
    assert send(client, opened(client), csat="2", contact__wants="page").status_code == 303
