"""*U* or *je*: the organisation chooses once, and every page and mail of theirs says it so."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import links
from core.db import db, writing
from core.models import Organisation
from core.voice import speaking
from followup.receipts import compose_receipts
from outbox.models import Message
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models_responses import Response
from tests.browser import signed_in
from tests.cast import Cast
from tests.loop import answered

NEUTRAL = {"nl": "Hoe was het?", "en": "How was it?"}
QUESTIONS = [Draft("csat", "csat", NEUTRAL), Draft("comment", "long_text", NEUTRAL)]
FORMAL, FAMILIAR = re.compile(r"\b(u|uw)\b", re.IGNORECASE), re.compile(r"\b(je|jouw)\b", re.IGNORECASE)
TAGS = re.compile(r"<[^>]+>")


@pytest.fixture
def response(people: Cast, now: datetime) -> Response:
    """Of somebody who reads Dutch, to a shop that says je."""
    with writing():
        people.webshop.form_of_address = "je"
        survey = create_survey(
            people.webshop.id, "bestelling", NEUTRAL, "nl", people.alice.id, QUESTIONS, now
        )
        open_survey(survey, now)
        return answered(survey, now, "", language="nl")


def said(page: str) -> str:
    return TAGS.sub(" ", page.partition("<body")[2] or page)


def test_a_survey_and_the_respondents_page_say_je(client: FlaskClient, response: Response) -> None:
    status = links.path("status", response.id, response.link_version)
    for path in ("/s/bestelling?lang=nl", f"{status}?lang=nl"):
        page = said(client.get(path).text)
        assert FAMILIAR.search(page), path
        assert not FORMAL.search(page), path


def test_a_page_that_was_drawn_before_the_choice_follows_it(
    client: FlaskClient, people: Cast, response: Response
) -> None:
    client.get("/s/bestelling?lang=nl")
    with writing():
        people.webshop.form_of_address = "u"
    assert not FAMILIAR.search(said(client.get("/s/bestelling?lang=nl").text))


def test_a_mail_says_je_in_each_of_its_parts(app: Flask, response: Response, now: datetime) -> None:
    compose_receipts(now)
    message = db.session.scalars(select(Message)).one()
    for part in (message.subject, message.text, said(message.html)):
        assert FAMILIAR.search(part)
        assert not FORMAL.search(part)


def test_the_desk_says_je_too(app: Flask, people: Cast, response: Response) -> None:
    with writing():
        people.alice.language = "nl"
    page = said(signed_in(app, people.alice).get("/settings").text)
    assert "Jezelf" in page
    assert "Uzelf" not in page


def test_another_organisation_goes_on_saying_u(app: Flask, people: Cast, response: Response) -> None:
    with writing():
        people.charlie.language = "nl"
    signed_in(app, people.alice).get("/settings")
    assert "Uzelf" in said(signed_in(app, people.charlie).get("/settings").text)


def test_english_knows_one_form(client: FlaskClient, response: Response) -> None:
    assert "A person reads what you write" in client.get("/s/bestelling?lang=en").text


def test_the_form_is_given_back_after_a_message(app: Flask, people: Cast, response: Response) -> None:
    from flask_babel import gettext

    def word() -> str:
        return gettext("Your name")

    housing = db.session.get_one(Organisation, people.housing.id)
    with speaking("nl", housing):
        with speaking("nl", people.webshop):
            assert word() == "Je naam"
        assert word() == "Uw naam"
