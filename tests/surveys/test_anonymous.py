"""An anonymous survey: nobody is asked who they are, nothing that could tell is kept, and the receipt link is the only key."""

import logging
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from core.db import db, writing
from core.models import Event
from customers.models import Customer, Identity
from customers.recognising import Contact
from promises.ledger import Scope, ledger
from surveys.answering import Submission, submit
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.loop import QUESTIONS, answered
from tests.pages import Page, get, send
from tests.surveys.answers import responses, values

CANARY = "canary.rita@example.com"


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    """It asked for names before it became anonymous, and its addresses carry a number."""
    with writing():
        made = create_survey(
            people.webshop.id, "bestelling", {"nl": "Uw bestelling", "en": "Your order"}, "en", people.alice.id,
            (*QUESTIONS, Draft("order", "hidden", {"en": "Order"})), now,
        )  # fmt: skip
        open_survey(made, now)
        made.anonymous = True
    return made


def answer(client: FlaskClient, **typed: str) -> Page:
    page = get(client, f"/s/bestelling?order={CANARY}")
    return get(client, send(client, page, csat="2", comment="Somebody shouts.", **typed).location)


def test_nobody_is_asked_who_they_are_and_the_page_says_so(client: FlaskClient, survey: Survey) -> None:
    page = get(client, f"/s/bestelling?order={CANARY}")
    assert not [name for name in page.form() if name.startswith(("contact", "order"))]
    assert "Nobody knows who you are" in page.words
    assert CANARY not in page.html.partition("<form")[2].replace(f"?order={CANARY}", "")


def test_it_was_drawn_for_everybody_before_it_became_anonymous(client: FlaskClient, survey: Survey) -> None:
    with writing():
        db.session.get_one(Survey, survey.id).anonymous = False
    assert "contact-email" in get(client, "/s/bestelling").form()
    with writing():
        db.session.get_one(Survey, survey.id).anonymous = True
    assert "contact-email" not in get(client, "/s/bestelling").form()


@pytest.mark.security("secrets in logs")
def test_whatever_is_sent_along_nothing_of_it_is_kept(
    client: FlaskClient, survey: Survey, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer(client, contact__email=CANARY, contact__name=CANARY, contact__wants="mail", order=CANARY)
    (response,) = responses()
    assert (response.customer_id, response.identity_id, response.channel) == (None, None, "page")
    assert values(response) == {"csat": 2, "comment": "Somebody shouts."}
    assert CANARY not in _database()
    assert CANARY not in caplog.text
    for model in (Customer, Identity):
        assert not db.session.scalar(select(func.count()).select_from(model).where(model.id > 1)), (
            "Rita alone"
        )


def _database() -> str:
    tables = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
    return " ".join(str(db.session.execute(text(f'SELECT * FROM "{t}"')).all()) for t in tables)


@pytest.mark.both_databases
def test_whoever_calls_the_verb_knows_nobody_either(people: Cast, survey: Survey, now: datetime) -> None:
    """An invitation, an import and a program end in the same verb."""
    with writing():
        sent = Submission(
            {"csat": (1, None), "order": (None, "A-17")}, "en", "n", Contact("Rita", CANARY), wants="mail"
        )
        response = submit(db.session.get_one(Survey, survey.id), sent, now)
    assert (response.customer_id, response.identity_id, list(values(response))) == (None, None, ["csat"])


def test_a_colleague_who_is_signed_in_is_not_named_in_the_history(bob: Colleague, survey: Survey) -> None:
    """They may be the one who answers: a survey among staff."""
    answer(bob)
    actors = db.session.scalars(select(Event.actor).where(Event.verb == "promise.made")).all()
    assert actors == ["clock"]


def test_they_are_owed_a_word_on_their_page_and_cannot_give_an_address(
    client: FlaskClient, survey: Survey
) -> None:
    page = answer(client)
    assert "this page is the only way to hear from us" in page.words
    assert "By mail" not in page.words
    token = page.links()["Change my answer"].split("/")[2]
    refused = client.post(f"/f/{token}/hearing", data={"way": "mail", "email": CANARY})
    assert refused.status_code == 422
    assert CANARY not in _database()
    found = ledger(Scope(survey.organisation_id))
    assert (found.responses, found.promised, found.adds_up) == (1, 1, True)


def test_they_can_say_that_no_word_is_needed(client: FlaskClient, survey: Survey) -> None:
    page = answer(client)
    forms = [f for f in page.tree.iter("form") if f.attrib["action"].endswith("/hearing")]
    token = next(i.attrib["value"] for i in forms[0].iter("input") if i.attrib["name"] == "page")
    assert client.post(forms[0].attrib["action"], data={"way": "none", "page": token}).status_code == 303
    assert responses()[0].declined_at


def test_a_copy_of_it_holds_the_answer_alone(client: FlaskClient, survey: Survey) -> None:
    page = answer(client)
    copy = client.get(page.links()["as JSON"]).get_json()
    assert [a["question"] for a in copy["answers"]] == ["csat", "comment"]


def test_what_was_given_under_a_name_before_stays_under_it(survey: Survey, now: datetime) -> None:
    with writing():
        db.session.get_one(Survey, survey.id).anonymous = False
        response = answered(db.session.get_one(Survey, survey.id), now)
        db.session.get_one(Survey, survey.id).anonymous = True
    db.session.refresh(response)
    assert response.customer_id
