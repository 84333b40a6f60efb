"""Sent at the same moment, one page is one answer; one person is met once; one round begins once."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import datetime
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.db import db, writing
from customers.models import Customer
from promises.models import Promise
from surveys.models import Round
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import opened_survey
from tests.pages import Page, get

pytestmark = pytest.mark.both_databases
AT_ONCE = 4


def at_once(app: Flask, bodies: list[dict[str, str]]) -> list[str]:
    """Where each of these forms leads, all sent at the same moment by browsers of their own."""
    ready = Barrier(len(bodies))

    def send(body: dict[str, str]) -> str:
        ready.wait(10)
        answer = FlaskClient(app, app.response_class).post("/s/bestelling", data=body)
        return answer.location or f"{answer.status_code}"

    with ThreadPoolExecutor(len(bodies)) as threads:
        return [f.result() for f in [threads.submit(Context().run, send, body) for body in bodies]]


def count(model: type[Response] | type[Round] | type[Promise] | type[Customer]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def page(client: FlaskClient, people: Cast, now: datetime) -> Page:
    with writing():
        opened_survey(people, now)
    return get(client, "/s/bestelling")


def test_the_same_page_sent_at_the_same_moment_is_one_answer(app: Flask, page: Page) -> None:
    body = {**page.form(), "csat": "2", "contact-wants": "page"}
    places = at_once(app, [body] * AT_ONCE)
    assert len(set(places)) == 1
    assert places[0].startswith("/f/")
    assert (count(Response), count(Round), count(Promise)) == (1, 1, 1)


def test_many_first_answers_of_one_new_person_are_all_kept(
    app: Flask, client: FlaskClient, page: Page
) -> None:
    bodies = [{**get(client, "/s/bestelling").form(), "csat": "2", "contact-wants": "mail", "contact-email": "new@example.com"}
              for _ in range(AT_ONCE)]  # fmt: skip
    places = at_once(app, bodies)
    assert len(set(places)) == AT_ONCE
    assert (count(Response), count(Round)) == (AT_ONCE, 1)
    assert count(Customer) == 2, "Rita and the new one"
