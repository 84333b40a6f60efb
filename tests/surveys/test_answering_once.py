"""One page is one answer, however often it is sent; a machine that opened no page answers nothing."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from core.db import writing
from surveys.asking import TOKEN
from surveys.builder.building import close_survey
from surveys.models import Survey
from tests.pages import Page, send
from tests.surveys.answers import opened, refused, responses


def test_sent_twice_it_is_one_answer_and_the_same_page(client: FlaskClient, survey: Survey) -> None:
    page = opened(client)
    first = send(client, page, csat="2", contact__wants="page")
    again = send(client, page, csat="5", contact__wants="page", comment="From the back button.")
    assert again.location == first.location
    assert [r.score for r in responses()] == [2]


def test_sent_again_after_the_survey_closed_it_still_is_that_answer(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    page = opened(client)
    first = send(client, page, csat="2", contact__wants="page")
    with writing():
        close_survey(survey, now)
    assert send(client, page, csat="2", contact__wants="page").location == first.location


@pytest.mark.parametrize("token", ["", "nonsense", "InNsdWci.aaaa.bbbb"])
def test_a_machine_that_never_opened_the_page_answers_nothing(
    client: FlaskClient, survey: Survey, token: str
) -> None:
    page = refused(client, csat="3", contact__wants="page", **{TOKEN: token})
    assert "open for too long" in page.words
    assert Page(send(client, page)).status == 303, "a person presses the button once more"


def test_a_page_of_another_survey_does_not_count_here(
    client: FlaskClient, survey: Survey, long_survey: Survey
) -> None:
    other = opened(client, "/s/alles").form()[TOKEN]
    refused(client, csat="3", contact__wants="page", **{TOKEN: other})
