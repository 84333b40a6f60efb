"""Colleagues try a survey out, open or not: the answer is kept as a test, and nobody is remembered."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import links
from core.db import db, writing
from customers.models import Identity
from surveys.builder.building import create_survey
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.loop import QUESTIONS
from tests.pages import Page, get, send
from tests.surveys.answers import responses


@pytest.fixture
def plan(people: Cast, now: datetime) -> Survey:
    """A survey that nobody can answer yet."""
    with writing():
        return create_survey(
            people.webshop.id, "plan", {"nl": "Plan", "en": "Plan"}, "nl", people.alice.id, QUESTIONS, now
        )


def address(survey: Survey) -> str:
    return f"/t/{links.token('trial', survey.id)}"


def tried(client: FlaskClient, survey: Survey, **typed: str) -> Page:
    said = {
        "csat": "2",
        "comment": "Only trying.",
        "contact-wants": "mail",
        "contact-email": "me@example.com",
        **typed,
    }
    answer = client.post(address(survey), data={**get(client, address(survey)).form(), **said})
    assert answer.status_code == 303, answer.text
    return get(client, answer.location)


def test_a_draft_is_answered_as_a_test_and_shows_what_arrived(client: FlaskClient, plan: Survey) -> None:
    assert client.get("/s/plan").status_code == 404, "customers cannot"
    page = tried(client, plan)
    assert "Your test arrived as:" in page.words
    assert "Only trying." in page.words
    (response,) = responses()
    assert (response.is_test, response.channel, response.customer_id) == (True, "page", None)
    assert not db.session.scalar(select(func.count(Identity.id)).where(Identity.value == "me@example.com"))


def test_the_newest_questions_are_tried_while_customers_see_the_published_ones(
    alice: Colleague, client: FlaskClient, survey: Survey
) -> None:
    edit = get(alice, f"/surveys/{survey.id}/edit")
    send(alice, edit, questions__0__prompt_en="Were you happy?", save="yes")
    assert "Were you happy?" in get(client, address(survey)).words
    assert "Were you happy?" not in get(client, "/s/bestelling").words
    tried(client, survey)
    assert responses()[0].version.number == 2


def test_sent_twice_it_is_one_test(client: FlaskClient, plan: Survey) -> None:
    form = {**get(client, address(plan)).form(), "csat": "2", "contact-wants": "page"}
    assert len({client.post(address(plan), data=form).location for _ in range(2)}) == 1
    assert len(responses()) == 1


def test_what_is_not_right_is_said_with_all_that_was_typed(client: FlaskClient, plan: Survey) -> None:
    page = Page(send(client, get(client, address(plan)), comment="No score."))
    assert (page.status, page.form()["comment"]) == (422, "No score.")
    assert "This is a test" in page.words
    assert responses() == []


def test_the_colleague_finds_the_link_and_the_count_on_its_page(
    alice: Colleague, client: FlaskClient, plan: Survey
) -> None:
    page = get(alice, f"/surveys/{plan.id}")
    assert page.links()["Try it out"] == address(plan)
    assert "Tests, counted nowhere" not in page.words
    tried(client, plan)
    assert "Tests, counted nowhere 1" in get(alice, f"/surveys/{plan.id}").words


def test_the_link_opens_this_survey_alone(client: FlaskClient, plan: Survey, survey: Survey) -> None:
    for token in (
        links.token("status", survey.id),
        links.token("trial", survey.id, 2),
        links.token("trial", 999_999),
        "x",
        "1.1." + "a" * 26,
    ):
        assert client.get(f"/t/{token}").status_code == 404
        assert client.post(f"/t/{token}").status_code == 404
    assert client.get(f"/f/{links.token('trial', plan.id)}").status_code == 404


def test_bytes_that_are_no_text_are_refused_with_a_sentence(client: FlaskClient, plan: Survey) -> None:
    form = get(client, address(plan)).form()
    body = f"terugkoppel-token={form['terugkoppel-token']}&csat=2&contact-wants=page&comment=%ED%A0%80"
    answer = client.post(address(plan), data=body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, responses()) == (422, [])


@pytest.mark.parametrize("done", ["0", "x", "²", "-1", "9" * 40, "1' OR 1=1"])
def test_what_arrived_is_shown_of_tests_of_this_survey_alone(
    client: FlaskClient, plan: Survey, survey: Survey, done: str
) -> None:
    tried(client, survey)
    page = get(client, address(plan), query_string={"done": done})
    assert "Your test arrived as" not in page.words
    assert (
        "Your test arrived as"
        not in get(client, address(plan), query_string={"done": str(responses()[0].id)}).words
    )


def test_a_token_of_the_survey_itself_makes_no_test_and_none_of_a_test_an_answer(
    client: FlaskClient, survey: Survey
) -> None:
    real, trial = get(client, "/s/bestelling").form(), get(client, address(survey)).form()
    said = {"csat": "2", "contact-wants": "page"}
    assert client.post(address(survey), data={**real, **said}).status_code == 422
    assert client.post("/s/bestelling", data={**trial, **said}).status_code == 422


def test_another_organisations_page_shows_no_link(app: Flask, people: Cast, plan: Survey) -> None:
    assert signed_in(app, people.charlie).get(f"/surveys/{plan.id}").status_code == 404
