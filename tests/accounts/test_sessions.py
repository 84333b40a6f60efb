"""Sessions end when they must, everywhere at once; an old cookie opens nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts import own_account
from accounts import people as verbs
from accounts.models import Membership, StaffSession
from accounts.presence import membership
from core import clock
from core.access import Role
from core.db import db, writing
from tests.accounts.staff import PASSWORD, admin_of, with_password
from tests.browser import Colleague, fields, knock, signed_in
from tests.cast import Cast

COOKIE = "terugkoppel"


def cookie(browser: FlaskClient) -> str:
    found = browser.get_cookie(COOKIE)
    assert found
    return found.value


def replay(app: Flask, old: str) -> int:
    """The status that an old cookie gets on a page of staff."""
    thief = app.test_client()
    thief.set_cookie(COOKIE, old)
    return thief.get("/settings").status_code


def of_bob(people: Cast) -> Membership:
    found = membership(people.webshop.id, people.bob.id)
    assert found
    return found


def test_an_old_cookie_is_dead_after_sign_out(app: Flask, client: FlaskClient, people: Cast) -> None:
    bob = signed_in(app, people.bob)
    old = cookie(bob)
    assert replay(app, old) == 200
    assert bob.post("/sign-out").status_code == 303
    assert replay(app, old) == 401


Event = Callable[[Cast, datetime], Any]
EVENTS: dict[str, Event] = {
    "another password": lambda cast, now: own_account.choose_password(of_bob(cast), "a hash", now),
    "another role": lambda cast, now: verbs.change_role(of_bob(cast), Role.viewer, now),
    "left": lambda cast, now: verbs.leave(of_bob(cast), now),
    "put out of use": lambda cast, now: setattr(cast.bob, "active", False),
}


@pytest.mark.parametrize("event", EVENTS)
def test_an_old_cookie_is_dead_after(app: Flask, people: Cast, now: datetime, event: str) -> None:
    old = cookie(signed_in(app, people.bob))
    with writing():
        EVENTS[event](people, now)
    assert replay(app, old) == 401


def test_a_new_password_keeps_the_one_who_chose_it_signed_in_under_a_new_key(
    app: Flask, people: Cast
) -> None:
    with_password(app, people.bob)
    here, elsewhere = signed_in(app, people.bob), signed_in(app, people.bob)
    old, other = cookie(here), cookie(elsewhere)
    form = fields(here.get("/settings/password").text, "/settings/password")
    new = {"new_password": "another four words here", "new_password_confirm": "another four words here"}
    assert here.post("/settings/password", data={**form, "password": PASSWORD, **new}).status_code == 303
    assert here.get("/settings").status_code == 200
    assert [replay(app, old), replay(app, other)] == [401, 401]


def test_sign_in_gives_a_new_key_each_time(app: Flask, client: FlaskClient, people: Cast) -> None:
    email = with_password(app, people.alice)
    knock(client, email, PASSWORD)
    first = cookie(client)
    client.post("/sign-in", data={**_form_of_stranger(app), "email": email, "password": PASSWORD})
    with client.session_transaction() as session:
        assert session["key"] not in first
    assert len(db.session.scalars(select(StaffSession)).all()) == 2


def _form_of_stranger(app: Flask) -> dict[str, str]:
    return fields(app.test_client().get("/").text, "/sign-in")


@pytest.mark.parametrize(("idle", "status"), [(59, 200), (61, 401)])
def test_an_hour_without_a_click_ends_it(app: Flask, people: Cast, idle: int, status: int) -> None:
    bob, later = signed_in(app, people.bob), clock.now() + timedelta(minutes=idle)
    with time_machine.travel(later, tick=False):
        assert bob.get("/settings").status_code == status


def test_clicking_keeps_it_alive_but_not_beyond_twelve_hours(app: Flask, people: Cast) -> None:
    bob, start = signed_in(app, people.bob), clock.now()
    for half_hours in range(1, 24):
        assert _at(bob, start + timedelta(minutes=30 * half_hours)) == 200
    assert _at(bob, start + timedelta(hours=12, seconds=1)) == 401


def _at(browser: Colleague, moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return browser.get("/settings").status_code


def test_a_stolen_old_cookie_does_not_ride_on_the_clicks_of_its_owner(app: Flask, people: Cast) -> None:
    bob, start = signed_in(app, people.bob), clock.now()
    old = cookie(bob)
    assert _at(bob, start + timedelta(minutes=50)) == 200
    with time_machine.travel(start + timedelta(minutes=70), tick=False):
        assert replay(app, old) == 401
        assert bob.get("/settings").status_code == 200


def test_reading_writes_no_row(app: Flask, people: Cast) -> None:
    bob = signed_in(app, people.bob)
    before = db.session.scalar(select(db.func.count(StaffSession.id)))
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        assert "Set-Cookie" in bob.get("/settings").headers
    assert db.session.scalar(select(db.func.count(StaffSession.id))) == before


def test_the_list_shows_every_device_and_one_can_be_signed_out(app: Flask, people: Cast) -> None:
    here, phone = signed_in(app, people.bob), signed_in(app, people.bob)
    first, second = db.session.scalars(select(StaffSession.id).order_by(StaffSession.id))
    page = here.get("/settings/sessions").text
    assert f"/settings/sessions/{second}/revocation" in page
    assert f"/settings/sessions/{first}/revocation" not in page, "one's own is signed out by its own button"
    assert here.post(f"/settings/sessions/{second}/revocation").status_code == 303
    assert (here.get("/settings").status_code, phone.get("/settings").status_code) == (200, 401)


def test_everywhere_else_is_signed_out_by_one_button(app: Flask, people: Cast) -> None:
    here, *others = [signed_in(app, people.bob) for _ in range(3)]
    assert here.post("/settings/sessions/revocation").status_code == 303
    assert "2 other devices are signed out" in here.get("/settings/sessions").text
    assert [b.get("/settings").status_code for b in others] == [401, 401]


def test_nobody_ends_the_session_of_somebody_else(app: Flask, people: Cast) -> None:
    alice, bob = signed_in(app, people.alice), signed_in(app, people.bob)
    of_bob = db.session.scalars(select(StaffSession.id).where(StaffSession.staff_id == people.bob.id)).one()
    assert alice.post(f"/settings/sessions/{of_bob}/revocation").status_code == 404
    assert bob.get("/settings").status_code == 200


def test_a_forged_cookie_opens_nothing(app: Flask, people: Cast) -> None:
    signed_in(app, people.bob)
    good = cookie(signed_in(app, people.bob))
    for forged in ("", "x", good[:-1], f"{good}x", good.replace(".", "..", 1)):
        assert replay(app, forged) == 401


@pytest.mark.settings(public_url="https://feedback.example.org")
def test_over_https_the_cookie_belongs_to_this_host_alone(app: Flask, people: Cast) -> None:
    client = app.test_client()
    form = fields(client.get("/", base_url="https://feedback.example.org").text, "/sign-in")
    typed = {**form, "email": with_password(app, people.bob), "password": PASSWORD}
    answer = client.post("/sign-in", data=typed, base_url="https://feedback.example.org")
    set_cookie = answer.headers["Set-Cookie"]
    assert set_cookie.startswith("__Host-terugkoppel=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {
        part.strip() for part in set_cookie.split(";")
    }
    assert "Domain" not in set_cookie


@pytest.mark.settings(
    secret_key="another key of more than thirty-two letters",
    secret_key_fallbacks=("a key for tests that is long enough to be one",),
)
def test_a_new_key_still_reads_the_cookies_of_the_old_one(app: Flask, people: Cast) -> None:
    """A cookie that the older installation signed."""
    bob = signed_in(app, people.bob)
    old_app = Flask("older")
    old_app.secret_key = "a key for tests that is long enough to be one"
    with bob.session_transaction() as session:
        values = dict(session)
    serializer = old_app.session_interface.get_signing_serializer(old_app)  # type: ignore[attr-defined]
    assert replay(app, serializer.dumps(values)) == 200


def test_two_organisations_and_one_person(app: Flask, people: Cast, now: datetime) -> None:
    with writing():
        db.session.add(
            Membership(organisation_id=people.housing.id, staff_id=people.bob.id, role="viewer", since=now)
        )
    bob = signed_in(app, people.bob)
    assert "Webshop" in bob.get("/settings").text
    assert bob.post(f"/organisations/{people.housing.id}/selection").status_code == 303
    page = bob.get("/settings").text
    assert "viewer" in page
    assert bob.post("/organisations/999/selection").status_code == 404


def test_whoever_is_put_out_of_the_chosen_organisation_falls_back_to_the_other(
    app: Flask, people: Cast, now: datetime
) -> None:
    with writing():
        second = Membership(
            organisation_id=people.housing.id, staff_id=people.bob.id, role="viewer", since=now
        )
        db.session.add(second)
    bob = signed_in(app, people.bob, people.housing)
    with writing():
        second.left_at = now
    assert "agent" in bob.get("/settings").text


def test_an_admin_who_changes_a_role_signs_that_person_out(app: Flask, people: Cast, now: datetime) -> None:
    ada, bob = signed_in(app, admin_of(people, now)), signed_in(app, people.bob)
    assert ada.post(f"/settings/people/{of_bob(people).id}/role", data={"role": "manager"}).status_code == 303
    assert bob.get("/settings").status_code == 401
    assert signed_in(app, people.bob).get("/settings/organisation").status_code == 200


AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0": "Firefox, Linux",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0": "Edge, Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/604.1": "Safari, iPhone",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36": "Chrome, Android",
    "curl/8.5.0": "unknown device",
    "<script>alert(1)</script>": "unknown device",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_device_is_known_by_its_browser_and_system(
    app: Flask, client: FlaskClient, people: Cast, agent: str
) -> None:
    client.environ_base["HTTP_USER_AGENT"] = agent
    knock(client, with_password(app, people.bob), PASSWORD)
    page = client.get("/settings/sessions").text
    assert f"<td>{AGENTS[agent]}</td>" in page
    assert "<script>alert" not in page
