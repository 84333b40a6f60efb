"""Half-way through, somebody wants to read the questions in another language: what they typed is still there."""

from datetime import datetime

from flask.testing import FlaskClient

from core.db import writing
from surveys.builder.building import close_survey
from surveys.models import Survey
from tests.pages import Page
from tests.surveys.answers import opened, responses


def switched(client: FlaskClient, page: Page, language: str, **typed: str) -> Page:
    """Press the name of a language, which is a button of the form."""
    buttons = [e for e in page.tree.iter("button") if e.attrib.get("lang") == language]
    (button,) = buttons
    assert page.element(button.attrib["form"]).tag == "form"
    pressed = {button.attrib["name"]: button.attrib["value"]}
    said = {name.replace("__", "-"): value for name, value in typed.items()}
    return Page(client.post(button.attrib["formaction"], data={**page.form(), **said, **pressed}))


def test_the_page_comes_back_in_that_language_with_what_was_typed(
    client: FlaskClient, survey: Survey
) -> None:
    page = switched(
        client, opened(client), "nl", csat="2", comment="The <box> was torn.", contact__email="rita@"
    )
    assert (page.status, page.heading) == (200, "Uw bestelling")
    said = page.form()
    assert (said["csat"], said["comment"], said["contact-email"]) == ("2", "The <box> was torn.", "rita@")
    assert page.errors() == {}, "nothing is judged before it is sent"
    assert responses() == []


def test_it_can_be_sent_from_there(client: FlaskClient, survey: Survey) -> None:
    page = switched(client, opened(client), "nl", csat="2", contact__wants="page")
    assert client.post(page.action(), data=page.form()).status_code == 303
    (response,) = responses()
    assert (response.score, response.language) == (2, "nl")


def test_one_question_a_page_keeps_what_stands_on_it(client: FlaskClient, survey: Survey) -> None:
    with writing():
        survey.one_by_one = True
    page = switched(client, opened(client), "nl", csat="2")
    assert (page.status, page.form()["csat"]) == (200, "2")
    assert "comment" not in page.form()


def test_of_a_survey_that_closed_meanwhile_the_words_are_shown(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    page = opened(client)
    with writing():
        close_survey(survey, now)
    late = switched(client, page, "nl", comment="The box was torn.")
    assert late.status == 410
    assert "The box was torn." in late.words
