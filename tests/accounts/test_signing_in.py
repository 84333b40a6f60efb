"""Coming in by password: who may, who is refused, and that the refusal tells nothing."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import perf_counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Membership, StaffSession
from core.db import db, writing
from tests.accounts.staff import PASSWORD, with_password
from tests.browser import fields, knock, signed_in
from tests.cast import Cast


def test_the_sign_in_page_needs_and_leaves_no_cookie(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers


def test_the_right_password_leads_to_the_inbox(app: Flask, client: FlaskClient, people: Cast) -> None:
    answer = knock(client, with_password(app, people.alice), PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/").location == "/inbox"
    assert client.get("/settings").status_code == 200


def test_an_address_is_known_in_any_case(app: Flask, client: FlaskClient, people: Cast) -> None:
    assert knock(client, with_password(app, people.alice).upper(), PASSWORD).status_code == 303


def test_the_page_they_wanted_comes_after_sign_in(app: Flask, client: FlaskClient, people: Cast) -> None:
    refused = client.get("/settings/profile?a=1")
    assert refused.status_code == 401
    form = fields(refused.text, "/sign-in")
    answer = client.post(
        "/sign-in", data={**form, "email": with_password(app, people.bob), "password": PASSWORD}
    )
    assert answer.location == "/settings/profile?a=1"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "/nowhere"],
)
def test_nobody_is_led_to_another_site(app: Flask, client: FlaskClient, people: Cast, elsewhere: str) -> None:
    answer = knock(client, with_password(app, people.bob), PASSWORD, next=elsewhere)
    assert answer.location == "/"


@pytest.mark.security("guessing")
def test_a_wrong_password_and_an_unknown_address_look_alike(
    app: Flask, client: FlaskClient, people: Cast
) -> None:
    email = with_password(app, people.alice)
    wrong, unknown = (
        knock(client, email, "not this one"),
        knock(client, "alise@webshop.example", "not this one"),
    )
    assert wrong.status_code == unknown.status_code == 401
    assert "do not belong together" in wrong.text
    assert _without_chance(wrong.text, email) == _without_chance(unknown.text, "alise@webshop.example")


def _without_chance(page: str, email: str) -> str:
    return re.sub(r'nonce="[^"]+"|value="[^"]+"', "", page).replace(email, "")


def test_a_wrong_password_and_an_unknown_address_take_as_long(
    app: Flask, client: FlaskClient, people: Cast
) -> None:
    """The quickest of interleaved tries lie within a fourth of each other; without hashing they would differ tenfold."""
    email = with_password(app, people.alice)
    form = fields(client.get("/").text, "/sign-in")
    times: dict[str, list[float]] = {email: [], "x@webshop.example": []}
    for _ in range(9):
        for mail, taken in times.items():
            typed = {**form, "email": mail, "password": "no"}
            taken.append(_seconds(partial(client.post, "/sign-in", data=typed)))
    known, unknown = (min(taken) for taken in times.values())
    assert 0.75 < known / unknown < 1.33


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def test_without_a_form_token_nobody_comes_in(app: Flask, client: FlaskClient, people: Cast) -> None:
    answer = client.post("/sign-in", data={"email": with_password(app, people.alice), "password": PASSWORD})
    assert "Set-Cookie" not in answer.headers
    assert "open for too long" in answer.text


@pytest.mark.parametrize(
    "typed",
    [{}, {"email": "", "password": "x"}, {"email": "a@b.example"}, {"email": "no address", "password": "x"}],
)
def test_an_incomplete_form_comes_back_with_sentences(client: FlaskClient, typed: dict[str, str]) -> None:
    form = fields(client.get("/").text, "/sign-in")
    answer = client.post("/sign-in", data={**form, **typed})
    assert answer.status_code in {401, 422}
    assert 'role="alert"' in answer.text


def test_who_is_put_out_of_use_or_left_stays_out(
    app: Flask, client: FlaskClient, people: Cast, now: datetime
) -> None:
    alice, bob = with_password(app, people.alice), with_password(app, people.bob)
    with writing():
        people.alice.active = False
        db.session.scalars(select(Membership).where(Membership.staff_id == people.bob.id)).one().left_at = now
    assert knock(client, alice, PASSWORD).status_code == 401
    refused = knock(client, bob, PASSWORD)
    assert refused.status_code == 401
    assert "no longer work" in refused.text


def test_who_leaves_their_last_organisation_is_a_stranger_at_once(
    app: Flask, people: Cast, now: datetime
) -> None:
    bob = signed_in(app, people.bob)
    with writing():
        db.session.scalars(select(Membership).where(Membership.staff_id == people.bob.id)).one().left_at = now
    assert bob.get("/settings").status_code == 401
    assert bob.get("/").status_code == 200


def test_the_session_is_a_row_that_holds_no_key(app: Flask, client: FlaskClient, people: Cast) -> None:
    knock(client, with_password(app, people.alice), PASSWORD)
    row = db.session.scalars(select(StaffSession)).one()
    with client.session_transaction() as session:
        assert len(session["key"]) >= 43
        assert session["key"] not in {row.key_hash, row.device}


def test_a_password_is_kept_as_argon2id(app: Flask, people: Cast) -> None:
    with_password(app, people.alice)
    assert str(people.alice.password).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_pages_speak_their_language(app: Flask, people: Cast) -> None:
    bob = signed_in(app, people.bob)
    assert '<html lang="en"' in bob.get("/settings", headers={"Accept-Language": "nl"}).text
