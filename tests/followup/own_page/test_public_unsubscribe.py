"""Unsubscribing (RFC 8058): a page with a button, one POST without a session, done once; opening it changes nothing."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import links
from core.db import db, writing
from core.models import Event
from followup.composing import compose_due
from followup.own_page.unsubscribing import is_blocked, unsubscribe
from followup.receipts import compose_receipts
from outbox.models import Message, Suppression
from promises import standing
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, decided, settled
from tests.pages import get, send

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def english(client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def response(survey: Survey, now: datetime) -> Response:
    with writing():
        return answered(survey, now)


@pytest.fixture
def address(people: Cast) -> str:
    return links.path("unsubscribe", people.rita.identities[0].id)


def blocks() -> list[str]:
    return list(db.session.scalars(select(Suppression.reason)))


def streams() -> list[str]:
    return list(db.session.scalars(select(Suppression.stream)))


def buttons(client: FlaskClient, address: str) -> list[str]:
    return [text.strip() for text in re.findall(r"<button[^>]*>([^<]*)", client.get(address).text)]


@pytest.mark.security("scanner")
def test_opening_it_shows_a_button_and_changes_nothing(client: FlaskClient, address: str) -> None:
    page = get(client, address)
    assert page.status == 200
    assert page.heading == "Stop these messages?"
    assert "r…\N{WORD JOINER}@example.com" in page.words
    client.head(address)
    assert blocks() == []


def test_the_button_stops_the_mail(client: FlaskClient, address: str) -> None:
    answer = send(client, get(client, address))
    assert answer.status_code == 200
    assert "You get no more messages about your answers" in answer.text
    assert streams() == ["service"]
    assert buttons(client, address) == ["Stop all mail"]


def test_invitations_are_left_alone_and_the_answers_are_still_told(
    client: FlaskClient, people: Cast, now: datetime
) -> None:
    rita = people.rita.identities[0]
    page = get(client, links.path("unsubscribe_survey", rita.id))
    assert page.heading == "Stop the invitations?"
    assert "You get no more invitations from us" in send(client, page).text
    assert (streams(), is_blocked(rita, "survey"), is_blocked(rita)) == (["survey"], True, False)


def test_all_mail_is_stopped_by_a_button_of_its_own(client: FlaskClient, people: Cast, address: str) -> None:
    rita = people.rita.identities[0]
    answer = client.post(address, data={**ONE_CLICK, "all": "yes"})
    assert "You get no more mail from us" in answer.text
    assert sorted(streams()) == ["service", "survey"]
    assert is_blocked(rita)
    assert is_blocked(rita, "survey")
    assert buttons(client, links.path("unsubscribe_survey", rita.id)) == [], "there is nothing left to press"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_program_needs_one_click_and_no_session(client: FlaskClient, address: str, kind: str) -> None:
    answer = client.post(
        address,
        data=ONE_CLICK,
        content_type=kind,
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 200, "and no redirect"
    assert "Set-Cookie" not in answer.headers
    assert blocks() == ["unsubscribed"]


@pytest.mark.both_databases
def test_twice_is_once(client: FlaskClient, people: Cast, address: str, now: datetime) -> None:
    assert [client.post(address, data=ONE_CLICK).status_code for _ in range(2)] == [200, 200]
    with writing():
        unsubscribe(people.rita.identities[0], now)
    assert blocks() == ["unsubscribed"]
    assert db.session.scalars(select(Event.verb).where(Event.verb == "identity.unsubscribed")).all() == [
        "identity.unsubscribed"
    ]


@pytest.mark.parametrize(
    "body", [{}, {"List-Unsubscribe": "no"}, {"list-unsubscribe": "One-Click"}, {"List-Unsubscribe": ""}]
)
def test_another_body_stops_nothing(client: FlaskClient, address: str, body: dict[str, str]) -> None:
    assert client.post(address, data=body).status_code == 422
    assert blocks() == []


def test_a_wrong_address_stops_nothing(client: FlaskClient, people: Cast, address: str) -> None:
    id = people.rita.identities[0].id
    for path in (address[:-1], address + "a", links.path("status", id).replace("/f/", "/u/"), links.path("unsubscribe", id, 2),
                 links.path("unsubscribe_survey", id, 2),                  links.path("unsubscribe", id + 1000)):  # fmt: skip
        assert client.post(path, data=ONE_CLICK).status_code == 404, path
        assert client.get(path).status_code == 404, path
    assert blocks() == []


def test_what_is_still_owed_is_named_with_its_page(
    client: FlaskClient, address: str, response: Response
) -> None:
    for page in (get(client, address), get(client, address)):
        assert "We still owe you a word about this answer." in page.words
        assert page.links()["Your order"] == links.path("status", response.id, response.link_version)


def test_when_nothing_is_owed_it_says_so(
    client: FlaskClient, people: Cast, address: str, response: Response, now: datetime
) -> None:
    with writing():
        settled(response, decided(people, now), now)
    compose_due(now)
    assert "We owe you nothing at this moment" in get(client, address).words


def test_what_waited_is_not_sent_and_the_ledger_says_why(
    client: FlaskClient, people: Cast, address: str, response: Response, now: datetime
) -> None:
    compose_receipts(now)
    client.post(address, data=ONE_CLICK)
    assert db.session.scalars(select(Message.state)).all() == ["suppressed"]
    with writing():
        settled(response, decided(people, now), now)
    compose_due(now)
    assert standing.of(response) == standing.Standing("unreachable", "unsubscribed")


def test_only_the_keyed_hash_of_the_address_is_kept(client: FlaskClient, people: Cast, address: str) -> None:
    client.post(address, data=ONE_CLICK)
    (block,) = db.session.scalars(select(Suppression))
    assert "rita" not in block.address_hash
    assert block.organisation_id == people.webshop.id
    assert is_blocked(people.rita.identities[0])


def test_an_address_is_stopped_at_one_organisation_only(
    client: FlaskClient, people: Cast, address: str, now: datetime
) -> None:
    from tests.cast import make_customer

    with writing():
        tenant = make_customer(people.housing, "Rita Ritsema", "rita@example.com", now)
    client.post(address, data=ONE_CLICK)
    assert not is_blocked(tenant.identities[0])
