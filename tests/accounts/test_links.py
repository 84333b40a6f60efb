"""One-time links: by mail and by terminal; a scanner cannot use one up, nobody can use one twice."""

import re
from datetime import datetime, timedelta
from threading import Barrier, Thread
from time import perf_counter

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from accounts import commands, links, throttle
from accounts.models import SignInLink, Staff
from core import clock
from core.db import db, writing
from outbox.models import Message
from tests.browser import fields, signed_in
from tests.cast import Cast


def a_link(staff: Staff, now: datetime | None = None, lasts: timedelta = links.BY_MAIL) -> str:
    """The path of a link that works now."""
    token, id = links.draw(), staff.id
    with writing():
        links.issue(id, token, now or clock.now(), lasts)
    return links.PATH + token


def press(client: FlaskClient, path: str) -> int:
    return client.post(path, data=fields(client.get(path).text, path)).status_code


def test_a_link_shows_a_button_and_the_button_signs_in(app: Flask, client: FlaskClient, people: Cast) -> None:
    path = a_link(people.bob)
    page = client.get(path)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    answer = client.post(path, data=fields(page.text, path))
    assert answer.location == "/settings/password", "who has no password may choose one"
    assert client.get("/settings").status_code == 200


def test_looking_does_not_use_it_up(app: Flask, client: FlaskClient, people: Cast) -> None:
    path = a_link(people.bob)
    for _ in range(3):
        client.head(path)
        client.get(path, headers={"User-Agent": "a mail scanner"})
    client.post(path)
    assert press(client, path) == 303


def test_it_works_once(app: Flask, client: FlaskClient, people: Cast) -> None:
    path = a_link(people.bob)
    form = fields(client.get(path).text, path)
    assert [app.test_client().post(path, data=form).status_code for _ in range(2)] == [303, 404]


@pytest.mark.both_databases
def test_of_two_presses_at_the_same_moment_one_comes_in(
    app: Flask, client: FlaskClient, people: Cast
) -> None:
    path, together = a_link(people.bob), Barrier(4)
    form, came = fields(client.get(path).text, path), []

    def push() -> None:
        together.wait()
        came.append(app.test_client().post(path, data=form).status_code)

    threads = [Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [303, 404, 404, 404]


@pytest.mark.parametrize(("lasts", "minutes"), [(links.BY_MAIL, 15), (links.PRINTED, 24 * 60)])
def test_it_works_for_as_long_as_it_says(
    app: Flask, client: FlaskClient, people: Cast, lasts: timedelta, minutes: int
) -> None:
    path, start = a_link(people.bob, lasts=lasts), clock.now()
    for late, status in ((-1, 200), (1, 404)):
        with time_machine.travel(start + timedelta(minutes=minutes + late), tick=False):
            assert client.get(path).status_code == status


def test_unknown_used_and_expired_look_alike(
    app: Flask, client: FlaskClient, people: Cast, now: datetime
) -> None:
    used, expired = a_link(people.bob), a_link(people.bob, clock.now() - timedelta(days=1))
    press(client, used)
    pages = [_plain(app.test_client().get(path)) for path in (used, expired, "/sign-in/unknown")]
    assert pages[0] == pages[1] == pages[2]
    assert pages[0][0] == 404


def _plain(page: object) -> tuple[int, str]:
    return page.status_code, re.sub(r'nonce="[^"]+"|value="[^"]+"', "", page.text)  # type: ignore[attr-defined]


def test_the_database_holds_no_token(app: Flask, people: Cast) -> None:
    token = a_link(people.bob).removeprefix(links.PATH)
    everything = " ".join(str(row) for row in db.session.execute(text("SELECT * FROM sign_in_link")))
    assert token not in everything


def ask(client: FlaskClient, mail: str) -> tuple[int, str]:
    form = fields(client.get("/").text, "/sign-in/links")
    page = client.post("/sign-in/links", data={**form, "email": mail})
    return page.status_code, re.sub(r'nonce="[^"]+"|value="[^"]+"', "", page.text).replace(mail, "")


def test_whoever_asks_gets_a_mail_that_signs_in(app: Flask, client: FlaskClient, people: Cast) -> None:
    status, _page = ask(client, people.bob.email)
    message = db.session.scalars(select(Message)).one()
    assert (status, message.kind, message.recipient, message.secret) == (
        200,
        "sign_in",
        people.bob.email,
        True,
    )
    (in_text,) = re.findall(r"http://127\.0\.0\.1:8000(/sign-in/\S+)", message.text)
    assert in_text in message.html
    assert "works once, for 15 minutes" in message.text
    assert press(client, in_text) == 303


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    app: Flask, client: FlaskClient, people: Cast
) -> None:
    assert ask(client, "nobody@webshop.example") == ask(client, people.bob.email)
    assert [m.recipient for m in db.session.scalars(select(Message))] == [people.bob.email]


def test_known_and_unknown_take_as_long(
    client: FlaskClient, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quickest of each lie within a tenth of each other, though only one of them writes a letter."""
    monkeypatch.setattr("accounts.views_links.ALWAYS", timedelta(milliseconds=500))
    form = fields(client.get("/").text, "/sign-in/links")
    quickest = [
        min(_seconds(client, {**form, "email": mail}) for _ in range(3))
        for mail in (people.bob.email, "nobody@webshop.example")
    ]
    assert min(quickest) >= 0.5
    assert max(quickest) / min(quickest) < 1.1


def _seconds(client: FlaskClient, typed: dict[str, str]) -> float:
    start = perf_counter()
    client.post("/sign-in/links", data=typed)
    return perf_counter() - start


def test_links_are_not_mailed_without_end(app: Flask, client: FlaskClient, people: Cast) -> None:
    assert [ask(client, people.bob.email)[0] for _ in range(4)] == [200, 200, 200, 429]
    assert len(db.session.scalars(select(Message)).all()) == 3


def test_nothing_that_is_no_address_is_mailed(client: FlaskClient, people: Cast) -> None:
    assert ask(client, "bob")[0] == 422
    assert ask(client, "bob@webshop.example, eve@evil.example")[0] == 422


@pytest.mark.security("poisoned host")
@pytest.mark.settings(public_url="https://feedback.example.org")
def test_a_poisoned_host_leaves_the_link_as_it_is(app: Flask, people: Cast) -> None:
    client = app.test_client()
    form = fields(client.get("/", base_url="https://feedback.example.org").text, "/sign-in/links")
    typed = {**form, "email": people.bob.email}
    spoofed = {
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
        "X-Forwarded-For": "192.0.2.7",
    }
    client.post("/sign-in/links", data=typed, base_url="https://feedback.example.org", headers=spoofed)
    assert "https://feedback.example.org/sign-in/" in db.session.scalars(select(Message)).one().text
    assert client.post("/sign-in/links", data=typed, base_url="https://evil.example").status_code == 400
    assert len(db.session.scalars(select(Message)).all()) == 1


def test_who_came_by_link_may_replace_a_forgotten_password(
    app: Flask, client: FlaskClient, people: Cast
) -> None:
    with writing():
        people.bob.password = "$argon2id$forgotten"
    press(client, a_link(people.bob))
    form = fields(client.get("/settings/password").text, "/settings/password")
    new = {"new_password": "four other words here", "new_password_confirm": "four other words here"}
    assert "password" not in form
    assert client.post("/settings/password", data={**form, **new}).status_code == 303
    db.session.rollback()
    assert people.bob.password != "$argon2id$forgotten"


def test_a_new_password_withdraws_links_that_were_not_used(app: Flask, people: Cast) -> None:
    path, bob = a_link(people.bob), signed_in(app, people.bob)
    new = {"new_password": "four other words here", "new_password_confirm": "four other words here"}
    assert bob.post("/settings/password", data=new).status_code == 303
    assert app.test_client().get(path).status_code == 404
    assert db.session.scalars(select(SignInLink)).one().used_at


def test_the_terminal_prints_a_link_for_the_first_person(app: Flask, client: FlaskClient) -> None:
    link = commands.create_organisation("bakery", "Bakery", "Ann Baker <ann@bakery.example>", clock.now())
    assert link.startswith("http://127.0.0.1:8000/sign-in/")
    assert press(client, link.removeprefix("http://127.0.0.1:8000")) == 303
    assert client.get("/settings/people").status_code == 200


def test_at_least_says_so() -> None:
    start = perf_counter()
    with throttle.at_least(timedelta(milliseconds=30)):
        pass
    assert perf_counter() - start >= 0.03
