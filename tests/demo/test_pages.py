"""With the demo in it, every page of staff and respondents shows something, and shows it whole."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Staff
from core import links
from core.db import db
from outbox.models import Message
from promises.models import Promise
from surveys.models import Round, Survey
from surveys.models_responses import Answer, Response
from tests.browser import Colleague, FreshClient, signed_in
from tests.markup import read
from triage.models import Action, Comment

STAFF_PAGES = [
    "/inbox",
    "/inbox?state=settled",
    "/actions",
    "/promises",
    "/ledger",
    "/customers",
    "/surveys",
    "/reports",
    "/mailbox",
    "/mailbox?state=unknown",
    "/settings",
]
"""Where the navigation leads."""


@pytest.fixture
def marieke(own_demo: Flask) -> Colleague:
    """Manager of the webshop."""
    return signed_in(own_demo, db.session.scalars(select(Staff).where(Staff.name == "Marieke Postma")).one())


@pytest.fixture
def stranger(demo: Flask) -> FreshClient:
    demo.test_client_class = FreshClient
    client = demo.test_client()
    assert isinstance(client, FreshClient)
    return client


def words(html: str) -> str:
    """What stands in the main part."""
    (main,) = read(html).iter("main")
    return " ".join("".join(main.itertext()).split())


def webshop() -> Survey:
    return db.session.scalars(select(Survey).where(Survey.slug == "bestelling")).one()


def test_every_staff_page_opens(marieke: Colleague) -> None:
    for address in STAFF_PAGES:
        page = marieke.get(address)
        assert page.status_code == 200, address
        assert len(words(page.text)) > 60, address


def test_the_inbox_begins_with_what_is_owed_first(marieke: Colleague) -> None:
    owed = (
        select(Answer.text)
        .join(Comment, Comment.answer_id == Answer.id)
        .join(Promise, Promise.response_id == Comment.response_id)
    )
    waiting = owed.where(
        Promise.is_open, Comment.organisation_id == webshop().organisation_id, ~Comment.tags.any()
    )
    dues = list(db.session.scalars(waiting.order_by(Promise.due_at)))
    page = words(marieke.get("/inbox").text)
    places = [page.index(" ".join(str(text).split())[:50]) for text in (dues[0], dues[-1])]
    assert places == sorted(places)


def test_one_of_each_kind_opens(marieke: Colleague) -> None:
    survey = webshop()
    of_webshop = {"organisation_id": survey.organisation_id}
    models: tuple[Any, ...] = (Comment, Action, Message, Response)
    comment, action, message, response = (
        db.session.scalars(select(model).filter_by(**of_webshop).order_by(model.id.desc()).limit(1)).one()
        for model in models
    )
    pages = [
        f"/comments/{comment.id}",
        f"/actions/{action.id}",
        f"/mailbox/{message.id}",
        f"/responses/{response.id}",
        f"/surveys/{survey.id}",
    ]
    for address in [*pages, f"/surveys/{survey.id}/rounds"]:
        assert marieke.get(address).status_code == 200, address


def test_the_mailbox_shows_the_one_that_nobody_knows_about(marieke: Colleague) -> None:
    unknown = db.session.scalars(
        select(Message).where(Message.state == "unknown").order_by(Message.id)
    ).first()
    assert unknown is not None
    page = marieke.get(f"/mailbox/{unknown.id}")
    assert "connection closed by peer" in page.text


def test_every_respondents_page_opens(stranger: FreshClient) -> None:
    some = db.session.scalars(select(Response).where(Response.id % 23 == 0)).all()
    assert len(some) > 10
    for response in some:
        page = stranger.get(links.path("status", response.id, response.link_version))
        assert page.status_code == 200
        assert len(words(page.text)) > 60


@pytest.mark.parametrize("slug", ["bestelling", "reparatie"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_both_surveys_can_be_answered_in_both_languages(
    stranger: FreshClient, slug: str, language: str
) -> None:
    page = stranger.get(f"/s/{slug}?lang={language}")
    survey = db.session.scalars(select(Survey).where(Survey.slug == slug)).one()
    assert page.status_code == 200
    assert survey.title[language] in words(page.text)


@pytest.mark.parametrize("slug", ["bestelling", "reparatie"])
def test_what_was_said_and_done_is_there_for_everybody(stranger: FreshClient, slug: str) -> None:
    page = words(stranger.get(f"/s/{slug}/you-said?lang=nl").text)
    survey = db.session.scalars(select(Survey).where(Survey.slug == slug)).one()
    approved = db.session.scalars(
        select(Round).where(Round.survey_id == survey.id, Round.approved_at.is_not(None))
    ).all()
    assert len(approved) == 12
    assert all(" ".join(round.digest["nl"].split())[:60] in page for round in approved)
