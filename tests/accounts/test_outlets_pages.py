"""A manager sets up where alerts go in chat, tries it, and reads what came of it; the address is never shown again."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.models import Event
from outbox import holding, tries
from outbox.models_outlets import Outlet
from outbox.outlets import keeping
from outbox.outlets.errands import Outcome
from tests.browser import Colleague
from tests.cast import Cast
from tests.gateway import Gateway, running
from tests.pages import Page, get

pytestmark = pytest.mark.settings(alert_hosts=("127.0.0.1",))
SECRET = "a-secret-of-the-channel"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as server:
        yield server


def add(alice: Colleague, address: str, **more: object) -> Page:
    said = {"name": "The shop's chat", "address": address, "kinds": ["threat", "mail"], **more}
    return Page(alice.post("/settings/outlets", data=said, follow_redirects=True))


def the_one() -> Outlet:
    return db.session.scalars(select(Outlet)).one()


def test_it_is_added_and_shown_without_its_address(alice: Colleague, gateway: Gateway) -> None:
    page = add(alice, gateway.address("hook"))
    assert page.status == 200
    assert "The shop's chat" in page.words
    assert "json://…" in page.words
    assert SECRET not in page.html
    assert the_one().kinds == ["threat", "mail"]
    assert SECRET not in str([e.detail for e in db.session.scalars(select(Event))])
    assert SECRET not in get(alice, f"/settings/outlets/{the_one().id}").html


def test_the_button_sends_now_and_says_that_it_was_taken(alice: Colleague, gateway: Gateway) -> None:
    add(alice, gateway.address("hook"))
    page = Page(alice.post(f"/settings/outlets/{the_one().id}/test", follow_redirects=True))
    assert "It took the test. Look in The shop's chat" in page.words
    assert "arrived on" in page.words
    assert len(gateway.heard) == 1


def test_the_button_says_what_went_wrong_and_the_page_shows_it_until_it_is_mended(
    alice: Colleague, gateway: Gateway
) -> None:
    add(alice, gateway.address("bad"))
    page = Page(alice.post(f"/settings/outlets/{the_one().id}/test", follow_redirects=True))
    assert "It did not take it: 404 no such hook" in page.words
    later = get(alice, "/settings/outlets")
    assert "failed on 23 November 2026, 10:30" in later.words
    assert "404 no such hook" in later.words


def test_the_button_does_not_call_somebody_elses_machine_without_end(
    alice: Colleague, gateway: Gateway, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over all places of the organisation; when the first of them is long enough ago it may be tried again."""
    add(alice, gateway.address("hook"))
    button = f"/settings/outlets/{the_one().id}/test"
    for _ in range(tries.TRIES):
        assert alice.post(button).status_code == 303
    refused = Page(alice.post(button))
    assert (refused.status, len(gateway.heard)) == (429, tries.TRIES)
    assert "This was tried 5 times in a short while" in refused.words
    assert "Wait 10 minutes." in refused.words
    monkeypatch.setattr("core.clock.now", lambda: now + tries.WITHIN)
    assert alice.post(button).status_code == 303


def test_while_mail_is_on_hold_the_button_sends_nothing(
    alice: Colleague, gateway: Gateway, now: datetime
) -> None:
    add(alice, gateway.address("hook"))
    with writing():
        holding.hold("restored", now)
    page = Page(alice.post(f"/settings/outlets/{the_one().id}/test", follow_redirects=True))
    assert "Nothing is sent while mail is on hold." in page.words
    assert (gateway.heard, the_one().problem) == ([], None)


def test_before_a_mail_server_is_set_nothing_leaves_the_machine(alice: Colleague) -> None:
    page = add(alice, "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    assert page.status == 422
    assert "Nothing leaves this machine" in page.errors()["address"]


@pytest.mark.settings(smtp_url="smtp://127.0.0.1:9")
def test_once_it_is_set_the_world_is_open(alice: Colleague) -> None:
    assert add(alice, "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ").status == 200
    assert (the_one().service, the_one().shown) == ("Slack", "slack://…i7FQ")


@pytest.mark.security("ssrf by an address of an alert")
@pytest.mark.settings(smtp_url="smtp://127.0.0.1:9")
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "This is no address that we can read."),
        ("the boss", "This is no address that we can read."),
        ("syslog://", "This is no address that we can read."),
        ("mailto://a:b@example.com", "This address is of something else."),
        ("json://example.com/hook", "This address sends without encryption."),
        ("jsons://127.0.0.2/hook", "“127.0.0.2” lies within a private network."),
        ("jsons://127.0.0.1/hook?template=/etc/passwd", "Leave “template” out of the address"),
    ],
)
def test_an_address_that_will_not_do_is_refused_with_a_sentence_and_stays_in_its_field(
    alice: Colleague, address: str, sentence: str
) -> None:
    page = add(alice, address)
    assert page.status == 422
    assert sentence in page.errors()["address"]
    assert page.element("name").attrib["value"] == "The shop's chat"
    assert page.element("address").attrib["value"] == address
    assert db.session.scalars(select(Outlet)).all() == []


def test_another_name_and_other_kinds_keep_the_address(alice: Colleague, gateway: Gateway) -> None:
    add(alice, gateway.address("hook"))
    before = the_one().sealed
    page = get(alice, f"/settings/outlets/{the_one().id}")
    assert "Leave it empty to keep json://…" in page.words
    alice.post(page.action(), data={"name": "Ours", "address": "", "kinds": ["step"]})
    assert (the_one().name, the_one().kinds, the_one().sealed) == ("Ours", ["step"], before)


def test_another_address_takes_its_place_and_a_bad_one_does_not(alice: Colleague, gateway: Gateway) -> None:
    add(alice, gateway.address("bad"))
    here, before = f"/settings/outlets/{the_one().id}", the_one().sealed
    refused = Page(alice.post(here, data={"name": "Ours", "address": "jsons://127.0.0.2/x", "kinds": []}))
    assert (refused.status, the_one().sealed) == (422, before)
    alice.post(here, data={"name": "Ours", "address": gateway.address("fine"), "kinds": []})
    assert the_one().sealed != before
    alice.post(f"{here}/test")
    assert the_one().problem is None


def test_removed_its_address_is_wiped_and_a_second_click_says_so(alice: Colleague, gateway: Gateway) -> None:
    add(alice, gateway.address("hook"))
    here = f"/settings/outlets/{the_one().id}"
    assert (
        "Removed. Its address is wiped." in Page(alice.post(f"{here}/removal", follow_redirects=True)).words
    )
    assert the_one().sealed == ""
    assert "Alerts go nowhere but by mail" in get(alice, "/settings/outlets").words
    for late in ("/removal", "/test"):
        assert "This was removed meanwhile." in Page(alice.post(here + late, follow_redirects=True)).words
    assert "This was removed on" in get(alice, here).words


def test_ten_are_enough(alice: Colleague, people: Cast, gateway: Gateway, now: datetime) -> None:
    with writing():
        for number in range(keeping.MOST):
            keeping.add(
                people.webshop.id, str(number), Outcome("", "", "JSON", "json://…", "sealed"), [], now
            )
    page = add(alice, gateway.address("hook"))
    assert page.status == 422
    assert "There are 10 already: remove one first." in page.words


def test_an_agent_and_a_stranger_do_not_come_here(
    bob: Colleague, charlie: Colleague, alice: Colleague, gateway: Gateway
) -> None:
    add(alice, gateway.address("hook"))
    assert bob.get("/settings/outlets").status_code == 403
    assert charlie.get(f"/settings/outlets/{the_one().id}").status_code == 404
    assert charlie.post(f"/settings/outlets/{the_one().id}/test").status_code == 404
