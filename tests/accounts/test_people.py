"""Letting colleagues in, changing what they may do, absence and leaving."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts import people as verbs
from accounts.models import Membership, Staff
from accounts.presence import is_present, membership
from core.access import Role
from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event, Organisation
from outbox.models import Message
from tests.accounts.staff import admin_of
from tests.accounts.test_links import press
from tests.browser import Colleague, signed_in
from tests.cast import Cast, make_staff

INVITED = {"name": "Eva Evers", "email": "Eva@Webshop.example", "role": "agent"}


@pytest.fixture
def ada(app: Flask, people: Cast, now: datetime) -> Colleague:
    return signed_in(app, admin_of(people, now))


def member(people: Cast, staff: Staff) -> Membership:
    found = membership(people.webshop.id, staff.id)
    assert found
    return found


def test_an_invited_colleague_gets_a_mail_that_signs_them_in(
    ada: Colleague, client: FlaskClient, people: Cast
) -> None:
    assert ada.post("/settings/people", data=INVITED).status_code == 303
    eva = verbs.find("eva@webshop.example")
    message = db.session.scalars(select(Message)).one()
    assert eva
    assert (member(people, eva).role, message.recipient, message.secret) == (
        "agent",
        "Eva@Webshop.example",
        True,
    )
    assert message.language == people.webshop.language == "nl"
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/sign-in/\S+)", message.text)
    assert press(client, link) == 303
    assert client.get("/settings/people").status_code == 403


def test_the_list_shows_everybody_of_this_organisation_alone(ada: Colleague, people: Cast) -> None:
    page = ada.get("/settings/people").text
    assert {name for name in ("Alice Adams", "Bob Bakker", "Ada Admin", "Charlie Cole") if name in page} == {
        "Alice Adams",
        "Bob Bakker",
        "Ada Admin",
    }


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Give a name."),
        ({"email": ""}, "Give a mail address."),
        ({"email": "eva"}, "not one mail address"),
        ({"email": "eva@webshop.example,mallory@evil.example"}, "not one mail address"),
        ({"email": "bob@webshop.example"}, "works here already"),
        ({"role": "owner"}, "role"),
    ],
)
def test_a_wrong_invitation_comes_back_with_what_was_typed(
    ada: Colleague, wrong: dict[str, str], sentence: str
) -> None:
    answer = ada.post("/settings/people", data={**INVITED, **wrong})
    assert answer.status_code in {409, 422}
    assert sentence in answer.text
    assert "Eva" in answer.text or wrong.get("name") == ""
    assert db.session.scalar(select(func.count(Message.id))) == 0


def test_who_works_elsewhere_keeps_their_name_and_gets_a_second_organisation(
    ada: Colleague, people: Cast
) -> None:
    ada.post("/settings/people", data={**INVITED, "email": people.charlie.email})
    message = db.session.scalars(select(Message)).one()
    assert "Charlie Cole" in message.text
    assert member(people, people.charlie).role == "agent"
    assert people.charlie.name == "Charlie Cole"


def test_who_left_can_come_back(app: Flask, people: Cast, now: datetime) -> None:
    with writing():
        verbs.leave(member(people, people.bob), now)
        back = verbs.invite(people.webshop.id, "Bob", people.bob.email, Role.viewer, now)
    assert (back.left_at, back.role) == (None, "viewer")


@pytest.mark.both_databases
def test_somebody_stays_admin(app: Flask, people: Cast, now: datetime) -> None:
    ada = admin_of(people, now)
    with pytest.raises(Conflict, match="only admin"), writing():
        verbs.leave(member(people, ada), now)
    with pytest.raises(Conflict, match="only admin"), writing():
        verbs.change_role(member(people, ada), Role.viewer, now)
    with writing():
        make_staff(people.webshop, "Second One", "admin", now)
        verbs.leave(member(people, ada), now)
    assert member(people, ada).left_at


def test_the_last_admin_hears_why_not(ada: Colleague, people: Cast) -> None:
    mine = db.session.scalars(select(Membership).where(Membership.role == "admin")).one().id
    for deed in ("departure", "role"):
        answer = ada.post(f"/settings/people/{mine}/{deed}", data={"role": "viewer"})
        assert answer.status_code == 409
        assert "only admin" in answer.text


def test_away_until_a_day_and_back(ada: Colleague, people: Cast, now: datetime) -> None:
    address = f"/settings/people/{member(people, people.bob).id}/absence"
    assert ada.post(address, data={"until": "2099-12-24"}).status_code == 303
    assert not is_present(people.webshop.id, people.bob.id, now)
    assert "away until" in ada.get("/settings/people").text
    assert ada.post(address, data={"until": ""}).status_code == 303
    assert is_present(people.webshop.id, people.bob.id, now)


@pytest.mark.parametrize("until", ["2001-01-01", "tomorrow", "9999-99-99"])
def test_away_until_a_day_that_cannot_be(ada: Colleague, people: Cast, until: str) -> None:
    answer = ada.post(f"/settings/people/{member(people, people.bob).id}/absence", data={"until": until})
    assert answer.status_code == 422


def test_who_leaves_is_gone_at_once_and_stays_in_the_list(app: Flask, ada: Colleague, people: Cast) -> None:
    bob, id = signed_in(app, people.bob), member(people, people.bob).id
    assert ada.post(f"/settings/people/{id}/departure").status_code == 303
    assert bob.get("/settings").status_code == 401
    assert "left" in ada.get("/settings/people").text
    assert "Invite this address again" in ada.get(f"/settings/people/{id}").text


def test_a_new_link_goes_to_who_lost_the_first(ada: Colleague, client: FlaskClient, people: Cast) -> None:
    assert ada.post(f"/settings/people/{member(people, people.bob).id}/link").status_code == 303
    message = db.session.scalars(select(Message)).one()
    (link,) = re.findall(r"8000(/sign-in/\S+)", message.text)
    assert message.recipient == people.bob.email
    assert press(client, link) == 303


def test_every_change_is_an_event_without_words(ada: Colleague, people: Cast) -> None:
    id = member(people, people.bob).id
    ada.post("/settings/people", data=INVITED)
    ada.post(f"/settings/people/{id}/role", data={"role": "manager"})
    ada.post(f"/settings/people/{id}/departure")
    events = list(db.session.scalars(select(Event).order_by(Event.id)))
    assert [e.verb for e in events] == ["staff.invited", "staff.role_changed", "staff.left"]
    assert {e.actor for e in events} == {"Ada Admin"}
    assert "Eva" not in str([e.detail for e in events])


def test_an_organisation_begins_with_an_admin(app: Flask, now: datetime) -> None:
    with writing():
        bakery = verbs.create_organisation("bakery", "Bakery", "Ann Baker", "ann@bakery.example", now)
    assert db.session.scalars(
        select(Membership.role).where(Membership.organisation_id == bakery.id)
    ).all() == ["admin"]


@pytest.mark.parametrize(
    ("slug", "mail"),
    [("webshop", "ann@bakery.example"), ("bakery", "no address"), ("Bad Slug", "ann@bakery.example")],
)
def test_an_organisation_that_cannot_be_leaves_nothing(
    app: Flask, people: Cast, now: datetime, slug: str, mail: str
) -> None:
    with pytest.raises(DomainError), writing():
        verbs.create_organisation(slug, "Bakery", "Ann", mail, now)
    assert db.session.scalar(select(func.count(Organisation.id))) == 2


def test_one_own_name_and_language(app: Flask, people: Cast, now: datetime) -> None:
    bob = signed_in(app, people.bob)
    assert bob.post("/settings/profile", data={"name": "Robert Bakker", "language": "nl"}).status_code == 303
    assert '<html lang="nl"' in bob.get("/settings/profile").text
    assert bob.post("/settings/profile", data={"name": "", "language": "nl"}).status_code == 422
    assert people.bob.name == "Robert Bakker"


def test_away_lies_in_the_future(app: Flask, people: Cast, now: datetime) -> None:
    with pytest.raises(DomainError, match="past"), writing():
        verbs.away(member(people, people.bob), now - timedelta(days=1), now)
