"""A manager sets up the gateway of text messages, tries it, offers it, and takes it away; its address is never shown again."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.models import Event
from outbox import tries
from outbox.models_texts import TextGateway
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to
from tests.each import each
from tests.gateway import Gateway, running
from tests.hostile import ADDRESSES
from tests.outbox.texts import MOBILE, row, set_up
from tests.pages import Page, get

pytestmark = pytest.mark.settings(alert_hosts=("127.0.0.1",))
SECRET = "a-secret-of-the-channel"
PAGE, RECORD = "/settings/texts", "/settings/organisation"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as server:
        yield server


def save(alice: Colleague, address: str) -> Page:
    return Page(alice.post(PAGE, data={"address": address}, follow_redirects=True))


def try_it(alice: Colleague, number: str = MOBILE) -> Page:
    return Page(alice.post(f"{PAGE}/test", data={"number": number}, follow_redirects=True))


def test_it_is_saved_and_shown_without_its_address(alice: Colleague, gateway: Gateway) -> None:
    page = save(alice, gateway.address("yes"))
    assert page.status == 200
    assert "json://…" in page.words
    assert "nothing was sent yet" in page.words
    assert SECRET not in page.html
    assert SECRET not in row().sealed
    assert SECRET not in str([event.detail for event in db.session.scalars(select(Event))])


def test_another_one_takes_its_place_and_its_troubles_are_over(alice: Colleague, gateway: Gateway) -> None:
    save(alice, gateway.address("bad"))
    try_it(alice)
    assert row().problem == "answer"
    save(alice, gateway.address("yes"))
    assert (row().problem, row().tries) == (None, 0)


def test_the_test_goes_to_one_number_and_says_that_it_was_taken(alice: Colleague, gateway: Gateway) -> None:
    save(alice, gateway.address("yes"))
    page = try_it(alice, "06 12 34 56 78")
    assert f"The gateway took it for {MOBILE}." in page.words
    assert "arrived on" in page.words
    assert '"to": "+31612345678"' in gateway.texts[0]


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("penniless", "It did not take it: 402 no credit left"),
        ("no", "It answered, and said no: channel_not_found"),
        ("fault", "It did not take it: 500 oh no"),
    ],
)
def test_what_went_wrong_is_said_and_stands_until_it_is_mended(
    alice: Colleague, people: Cast, gateway: Gateway, word: str, sentence: str
) -> None:
    set_up(people.webshop, gateway.address(word))
    assert sentence in try_it(alice).words
    later = get(alice, PAGE).words
    assert "failed on" in later
    assert sentence in later


@pytest.mark.parametrize("number", ["", "12", "043 123 45 67", "rita@example.com", "x" * 500])
def test_a_number_that_gets_no_texts_is_refused_and_stays_in_its_field(
    alice: Colleague, people: Cast, gateway: Gateway, number: str
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    page = try_it(alice, number)
    assert page.status == 422
    assert page.errors()["number"]
    assert page.element("number").attrib.get("value", "") == number
    assert gateway.heard == []


def test_the_test_calls_nobody_without_end(alice: Colleague, people: Cast, gateway: Gateway) -> None:
    set_up(people.webshop, gateway.address("yes"))
    for _ in range(tries.TRIES):
        alice.post(f"{PAGE}/test", data={"number": MOBILE})
    assert try_it(alice).status == 429
    assert len(gateway.heard) == tries.TRIES


@pytest.mark.security("ssrf by an address of an alert")
@pytest.mark.settings(smtp_url="smtp://127.0.0.1:9")
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "Give the address of your gateway."),
        ("the boss", "This is no address that we can read."),
        (
            "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
            "Text messages can go out through MessageBird",
        ),
        ("mailto://a:b@example.com", "This address is of something else."),
        ("smseagle://abcdefghijkl@example.com", "This address sends without encryption."),
        ("smseagles://abcdefghijkl@127.0.0.2", "“127.0.0.2” lies within a private network."),
        ("jsons://127.0.0.1/hook?template=/etc/passwd", "Leave “template” out of the address"),
    ],
)
def test_an_address_that_will_not_do_is_refused_with_a_sentence(
    alice: Colleague, address: str, sentence: str
) -> None:
    page = save(alice, address)
    assert page.status == 422
    assert sentence in page.errors()["address"]
    assert page.element("address").attrib.get("value", "") == address
    assert db.session.scalars(select(TextGateway)).all() == []


@pytest.mark.settings(smtp_url="smtp://127.0.0.1:9")
def test_a_gateway_of_a_known_service_is_taken_without_a_number(alice: Colleague) -> None:
    save(alice, f"twilio://AC{'a' * 32}:{'b' * 32}@+31612345678")
    assert row().service == "Twilio"


def test_before_a_mail_server_is_set_nothing_leaves_the_machine(alice: Colleague) -> None:
    page = save(alice, f"twilio://AC{'a' * 32}:{'b' * 32}@+31612345678")
    assert page.status == 422
    assert "Nothing leaves this machine" in page.errors()["address"]


@each("address", ADDRESSES)
def test_no_address_breaks_the_page(alice: Colleague, address: str) -> None:
    assert save(alice, address).status == 422


def test_it_can_be_offered_once_there_is_a_gateway(alice: Colleague, people: Cast, gateway: Gateway) -> None:
    form = form_to(Page(alice.get(RECORD)), RECORD)
    page = Page(alice.post(RECORD, data={**form, "channels": ["sms"]}))
    assert page.status == 422
    assert "First set up the gateway" in page.words
    set_up(people.webshop, gateway.address("yes"))
    assert alice.post(RECORD, data={**form, "channels": ["sms"]}).status_code == 303
    assert people.webshop.channels == ["sms"]
    assert "Customers cannot choose it yet" not in get(alice, PAGE).words


def test_removed_its_address_is_gone_and_nobody_is_offered_a_text(
    alice: Colleague, people: Cast, gateway: Gateway
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    with writing():
        people.webshop.channels = ["phone", "sms"]
    page = Page(alice.post(f"{PAGE}/removal", follow_redirects=True))
    assert "Removed. Its address is wiped." in page.words
    assert db.session.scalars(select(TextGateway)).all() == []
    assert people.webshop.channels == ["phone"]
    again = Page(alice.post(f"{PAGE}/removal", follow_redirects=True))
    assert "This was removed meanwhile." in again.words
    assert "This was removed meanwhile." in try_it(alice).words


def test_another_organisations_gateway_is_not_ours(alice: Colleague, people: Cast, gateway: Gateway) -> None:
    set_up(people.housing, gateway.address("yes"))
    assert "json://…" not in get(alice, PAGE).words
    alice.post(f"{PAGE}/removal")
    assert row().organisation_id == people.housing.id
