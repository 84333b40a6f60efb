"""An error becomes an answer in one place: a sentence, what was typed, and nothing half written."""

from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from core import form_tokens
from core.access import Role, public, require
from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Organisation
from tests.browser import FreshClient, fields, signed_in
from tests.cast import Cast

WORDS = "The door of the lift does not close."


@pytest.fixture
def app(app_of_its_own: Flask) -> Flask:
    """Routes are added to it."""
    return app_of_its_own


def posting(app: Flask, work: Any, guard: Any = public) -> str:
    """A route that does `work` with what was posted; returns its address."""

    def view() -> str:
        work()
        return "done"

    app.add_url_rule("/try", "try", guard(view), methods=["POST"])
    app.testing = False
    return "/try"


def refuse() -> None:
    raise DomainError("This survey closed on 3 March.")


def test_a_refusal_keeps_the_words_and_offers_to_send_them(app: Flask) -> None:
    address = posting(app, refuse)
    answer = FreshClient(app).post(address, data={"comment": WORDS, "csat": "2"})
    assert answer.status_code == 422
    assert "This survey closed on 3 March." in answer.text
    assert fields(answer.text, address) == {"comment": WORDS, "csat": "2"}
    assert "Set-Cookie" not in answer.headers, "a stranger's page leaves no cookie, also when it fails"


def test_a_colleague_gets_a_token_with_the_words(app: Flask, people: Cast) -> None:
    address = posting(app, refuse, require(Role.viewer))
    answer = signed_in(app, people.bob).post(address, data={"note": WORDS})
    assert {"csrf_token", "note"} <= set(fields(answer.text, address))


def test_nothing_is_half_written(app: Flask, people: Cast) -> None:
    def half() -> None:
        with writing():
            db.session.execute(text("UPDATE organisation SET name = 'half'"))
            raise Conflict("It was sent already.")

    assert FreshClient(app).post(posting(app, half)).status_code == 409
    assert "half" not in db.session.scalars(select(Organisation.name)).all()


@pytest.mark.parametrize(
    "message",
    [
        "database or disk is full",
        "disk I/O error",
        "database is locked",
        "attempt to write a readonly database",
    ],
)
def test_a_database_that_fails_gives_the_words_back(app: Flask, message: str) -> None:
    def fail() -> None:
        raise OperationalError("INSERT INTO answer", {"text": WORDS}, Exception(message))

    address = posting(app, fail)
    token = form_tokens.issue("survey")
    answer = FreshClient(app).post(address, data={"comment": WORDS, "form_token": token})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert fields(answer.text, address) == {"comment": WORDS, "form_token": token}
    assert "INSERT" not in answer.text


def test_a_database_that_cannot_even_say_who_asks(
    app: Flask, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session itself cannot be read: the page about it asks the database nothing more."""
    bob = signed_in(app, people.bob)

    def fail(*_arguments: object) -> None:
        raise OperationalError("SELECT", None, Exception("disk I/O error"))

    app.testing = False
    monkeypatch.setattr("accounts.sessions.find", fail)
    answer = bob.post("/settings/profile", data={"name": WORDS})
    assert answer.status_code == 503
    assert WORDS in answer.text


def test_a_body_that_is_too_large_is_a_page_too(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100
    address = posting(app, lambda: abort(413))
    answer = FreshClient(app).post(address, data={"comment": "x" * 200})
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_our_own_words_come_before_those_of_the_library(app: Flask, client: FlaskClient) -> None:
    address = posting(app, lambda: abort(400, "The file has no column called Score."))
    assert "no column called Score" in client.post(address).text


def test_another_sites_form_is_shown_no_button(app: Flask) -> None:
    address = posting(app, refuse)
    answer = FreshClient(app).post(address, data={"comment": WORDS}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "<button" not in answer.text
