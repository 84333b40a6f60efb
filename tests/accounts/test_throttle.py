"""Guessing is slowed, per account and per address, over all workers; nobody is locked out."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts import throttle
from accounts.models import SignInFailure
from accounts.throttle import TooOften, admit, forgive, subjects
from app import create_app
from core import clock
from core.db import db, writing
from tests.accounts.staff import PASSWORD, with_password
from tests.browser import fields, knock
from tests.cast import Cast


def tried(
    moment: datetime, email: str = "alice@webshop.example", address: str = "192.0.2.1"
) -> timedelta | None:
    """Try once; how long one has to wait, or None when it was judged."""
    try:
        with writing():
            admit(subjects("password", email, address), moment)
    except TooOften as slower:
        return slower.wait
    return None


def test_ten_tries_are_free_then_each_waits_longer(app: Flask, now: datetime) -> None:
    assert [tried(now) for _ in range(10)] == [None] * 10
    moment, waits = now, []
    for _ in range(6):
        wait = tried(moment)
        assert wait
        waits.append(wait)
        moment += wait
        assert tried(moment) is None
    assert waits == [timedelta(seconds=s) for s in (30, 60, 120, 240, 300, 300)]


def test_a_refused_try_is_not_counted(app: Flask, now: datetime) -> None:
    for _ in range(30):
        tried(now)
    assert db.session.scalar(select(func.count(SignInFailure.id))) == 20
    assert tried(now + timedelta(seconds=30)) is None


def test_an_hour_later_all_is_forgotten(app: Flask, now: datetime) -> None:
    for _ in range(10):
        tried(now)
    later = now + timedelta(hours=1, seconds=1)
    assert [tried(later) for _ in range(10)] == [None] * 10
    assert db.session.scalar(select(func.count(SignInFailure.id))) == 20


def test_many_accounts_from_one_address_wait_too(app: Flask, now: datetime) -> None:
    assert [tried(now, f"{n}@webshop.example") for n in range(50)] == [None] * 50
    assert tried(now, "51@webshop.example")
    assert tried(now, "51@webshop.example", "192.0.2.2") is None


def test_a_home_has_one_address_however_many_of_ipv6(app: Flask, now: datetime) -> None:
    for n in range(50):
        tried(now, f"{n}@webshop.example", f"2001:db8:1:2::{n:x}")
    assert tried(now, "51@webshop.example", "2001:db8:1:2:ffff::1")
    assert tried(now, "51@webshop.example", "2001:db8:1:3::1") is None


def test_the_right_password_starts_anew(app: Flask, now: datetime) -> None:
    for _ in range(9):
        tried(now)
    with writing():
        admit(subjects("password", "alice@webshop.example", "192.0.2.1"), now)
        forgive(subjects("password", "alice@webshop.example", "192.0.2.1"), now)
    assert [tried(now) for _ in range(10)] == [None] * 10


def test_rows_name_nobody(app: Flask, now: datetime) -> None:
    tried(now)
    assert not [s for s in db.session.scalars(select(SignInFailure.subject)) if "alice" in s or "192" in s]


@pytest.mark.security("guessing")
@pytest.mark.both_databases
def test_four_workers_judge_ten_tries_together(app: Flask, people: Cast) -> None:
    """Four applications, as in four processes, forty tries at the same moment: ten are judged."""
    workers = [create_app(app.config["SETTINGS"]) for _ in range(4)]
    email, together, judged = with_password(app, people.alice), Barrier(4), []

    def guess(worker: Flask) -> None:
        client = worker.test_client()
        form = fields(client.get("/").text, "/sign-in")
        together.wait()
        typed = {**form, "email": email, "password": "a guess"}
        judged.extend([client.post("/sign-in", data=typed).status_code for _ in range(10)])

    with time_machine.travel(clock.now(), tick=False):
        threads = [Thread(target=guess, args=(worker,)) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for worker in workers:
        with worker.app_context():
            db.engine.dispose()
    assert (judged.count(401), judged.count(429)) == (10, 30)


def test_the_page_says_how_long_and_a_link_still_works(app: Flask, client: FlaskClient, people: Cast) -> None:
    email = with_password(app, people.alice)
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(10):
            knock(client, email, "a guess")
        refused = knock(client, email, PASSWORD)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) == 31
        assert "Try again in a minute" in refused.text
        form = fields(client.get("/").text, "/sign-in/links")
        assert client.post("/sign-in/links", data={**form, "email": email}).status_code == 200


def test_after_the_wait_the_right_password_comes_in(app: Flask, client: FlaskClient, people: Cast) -> None:
    email, start = with_password(app, people.alice), clock.now()
    with time_machine.travel(start, tick=False):
        for _ in range(11):
            knock(client, email, "a guess")
    with time_machine.travel(start + timedelta(seconds=31), tick=False):
        assert knock(client, email, PASSWORD).status_code == 303


@pytest.fixture
def few_colleagues(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address waits as soon as an account does, so that it takes eleven tries and not fifty-one."""
    monkeypatch.setattr(throttle, "COLLEAGUES", 1)


def test_without_proxies_nobody_chooses_their_own_address(client: FlaskClient, few_colleagues: None) -> None:
    form = fields(client.get("/").text, "/sign-in")
    for n in range(11):
        typed = {**form, "email": f"{n}@webshop.example", "password": "a guess"}
        last = client.post("/sign-in", data=typed, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code
    assert last == 429


@pytest.mark.settings(proxy_hops=1)
def test_behind_a_proxy_the_last_hop_is_believed(client: FlaskClient, few_colleagues: None) -> None:
    form = fields(client.get("/").text, "/sign-in")
    for n in range(11):
        typed = {**form, "email": f"{n}@webshop.example", "password": "a guess"}
        seen = {"X-Forwarded-For": f"203.0.113.9, 192.0.2.{n}"}
        last = client.post("/sign-in", data=typed, headers=seen).status_code
    assert last == 401
