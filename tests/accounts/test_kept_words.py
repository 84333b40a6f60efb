"""Nothing that was typed is lost: when a session ended, when a page was out of date, when a rule said no."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from core import clock, kept
from tests.accounts.staff import PASSWORD, with_password
from tests.browser import Colleague, FreshClient, fields, signed_in
from tests.cast import Cast

WORDS = "We have ordered stronger boxes, and told the carrier."
PAGE = "/settings/profile"


def test_words_go_through_the_sign_in_page(app: Flask, people: Cast) -> None:
    """The session ends while somebody types: they sign in, see their words, and send them."""
    email, bob = with_password(app, people.bob), signed_in(app, people.bob)
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        refused = bob.post(PAGE, data={"name": WORDS, "language": "en", "csrf_token": "old"})
        assert refused.status_code == 401
        assert WORDS in refused.text
        form = fields(refused.text, "/sign-in")
        again = bob.post("/sign-in", data={**form, "email": email, "password": "wrong"})
        assert WORDS in again.text, "a wrong password loses nothing either"
        page = bob.post(
            "/sign-in", data={**fields(again.text, "/sign-in"), "email": email, "password": PASSWORD}
        )
        assert page.status_code == 200
        typed = fields(page.text, PAGE)
        assert (typed["name"], typed["language"]) == (WORDS, "en")
        assert FreshClient.post(bob, PAGE, data=typed).status_code == 303
    assert people.bob.name == WORDS


def test_passwords_and_tokens_are_never_kept(app: Flask, people: Cast) -> None:
    stranger = FreshClient(app)
    refused = stranger.post(
        "/settings/password",
        data={"password": "my secret words", "new_password": "my new secret words", "csrf_token": "abc"},
    )
    assert refused.status_code == 401
    assert "secret words" not in refused.text


def test_kept_words_cannot_be_made_up(app: Flask, people: Cast) -> None:
    with app.test_request_context():
        good = kept.pack(kept.Kept("/settings/profile", (kept.Field("name", WORDS, True),)))
        assert kept.unpack(good)
        assert [kept.unpack(forged) for forged in ("", "x", good[:-2], good.replace(".", "", 1))] == [
            None
        ] * 4


def test_a_page_of_an_older_session_says_so_and_offers_the_words(app: Flask, people: Cast) -> None:
    bob = signed_in(app, people.bob)
    stale = {"X-CSRFToken": "of another session", "Sec-Fetch-Site": "same-origin"}
    answer = bob.post(PAGE, data={"name": WORDS, "language": "en"}, headers=stale)
    assert answer.status_code == 400
    assert "opened before you signed in" in answer.text
    typed = fields(answer.text, PAGE)
    assert FreshClient.post(bob, PAGE, data=typed).status_code == 303


@pytest.mark.parametrize("origin", [{}, {"Origin": "null"}])
def test_without_the_browsers_word_the_words_can_only_be_copied(
    app: Flask, people: Cast, origin: dict[str, str]
) -> None:
    bob = signed_in(app, people.bob)
    answer = bob.post(PAGE, data={"name": WORDS}, headers={"X-CSRFToken": "of another session", **origin})
    assert answer.status_code == 400
    assert WORDS in answer.text
    assert "<button" not in answer.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    "header",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_what_another_site_sends_is_refused_and_cannot_be_sent_on(
    app: Flask, people: Cast, header: dict[str, str]
) -> None:
    bob = signed_in(app, people.bob)
    answer = bob.post(PAGE, data={"name": WORDS, "language": "en"}, headers=header)
    assert answer.status_code == 403
    assert "<button" not in answer.text
    assert people.bob.name != WORDS


@pytest.mark.parametrize(
    "header",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": "http://localhost"},
        {"Origin": "http://127.0.0.1:8000"},
        {},
    ],
)
def test_our_own_forms_come_in(app: Flask, people: Cast, header: dict[str, str]) -> None:
    bob: Colleague = signed_in(app, people.bob)
    assert bob.post(PAGE, data={"name": WORDS, "language": "en"}, headers=header).status_code == 303


def test_another_site_signs_nobody_in(app: Flask, client: FlaskClient, people: Cast) -> None:
    form = {
        **fields(client.get("/").text, "/sign-in"),
        "email": with_password(app, people.bob),
        "password": PASSWORD,
    }
    assert client.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_short_values_travel_unseen_and_words_are_shown(app: Flask) -> None:
    typed = {"comment": WORDS, "score": "4", "form_token": "aZ3" * 20, "emoji": "👍 👍"}
    with app.test_request_context("/s/x?lang=nl", method="POST", data=typed):
        found = kept.kept()
        assert found
        assert found.path == "/s/x?lang=nl"
        assert [f.name for f in found.fields if f.words] == ["comment", "emoji"]
    with app.test_request_context("/s/x", method="POST"):
        assert kept.kept() is None
