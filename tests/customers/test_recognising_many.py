"""Many people are recognised at once by the rules by which one is."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from core.db import db, writing
from customers.models import Customer, Identity
from customers.recognising import Contact, Known, recognise
from customers.recognising_many import recognise_many
from tests.cast import Cast, make_customer


def known(people: Cast, now: datetime, *contacts: Contact) -> list[Known | None]:
    with writing():
        return recognise_many(people.webshop.id, contacts, now)


def person(found: Known | None) -> Customer:
    assert found
    return db.session.get_one(Customer, found.customer_id)


def people_known() -> int:
    return db.session.scalar(select(func.count(Customer.id))) or 0


@pytest.mark.both_databases
def test_whoever_has_one_of_the_addresses_is_who_it_is(people: Cast, now: datetime) -> None:
    (found,) = known(people, now, Contact("R.", "RITA@Example.com", "06 12345678"))
    assert person(found).name == "Rita Ritsema"
    assert [i.kind for i in person(found).identities] == ["mail", "phone"]
    assert people_known() == 1


@pytest.mark.both_databases
def test_a_stranger_who_comes_twice_is_met_once(people: Cast, now: datetime) -> None:
    first, second = known(
        people,
        now,
        Contact("Wim", "wim@example.org"),
        Contact("W.", "", "06 9", "K-9"),
    )
    assert person(first).id != person(second).id
    third, fourth = known(
        people, now, Contact("", "wim@example.org", "06 8"), Contact("", "new@example.org", "06 8")
    )
    assert person(third).id == person(fourth).id == person(first).id
    assert people_known() == 3


def test_of_one_file_the_first_row_says_how_somebody_is_called(people: Cast, now: datetime) -> None:
    found = known(
        people,
        now,
        Contact("", "a@example.org"),
        Contact("Ann", "a@example.org"),
        Contact("Anna", "a@example.org"),
    )
    assert {person(one).id for one in found} == {person(found[0]).id}
    assert person(found[0]).name == "Ann"


def test_an_address_that_is_somebody_elses_stays_theirs(people: Cast, now: datetime) -> None:
    with writing():
        wim = make_customer(people.webshop, "Wim", "wim@example.org", now)
        db.session.add(Identity(organisation_id=people.webshop.id, customer_id=wim.id, kind="phone", value="06 1", key="06 1", created_at=now))  # fmt: skip
    (found,) = known(people, now, Contact("Rita", "rita@example.com", "06 1"))
    assert person(found).id == people.rita.id
    assert db.session.scalars(select(Identity.customer_id).where(Identity.kind == "phone")).one() == wim.id


def test_who_says_no_address_is_nobody(people: Cast, now: datetime) -> None:
    assert known(people, now, Contact("Rita"), Contact(), Contact(email="  ")) == [None, None, None]
    assert people_known() == 1


def test_another_organisation_knows_nobody_of_ours(people: Cast, now: datetime) -> None:
    with writing():
        (found,) = recognise_many(people.housing.id, [Contact("Rita", "rita@example.com")], now)
    assert person(found).id != people.rita.id
    assert person(found).organisation_id == people.housing.id


def test_the_first_mail_address_is_the_one_that_is_written_to(people: Cast, now: datetime) -> None:
    """Whichever address they were recognised by, as `recognise` says it."""
    (found,) = known(people, now, Contact("", "second@example.org", "", "K-1"))
    known(people, now, Contact("", "third@example.org", "", "K-1"))
    (again,) = known(people, now, Contact("", "", "", "K-1"))
    assert found
    assert again == found
    with writing():
        assert recognise(people.webshop.id, Contact(external_id="K-1"), now) == found
