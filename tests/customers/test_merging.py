"""One person, many identities: two customers become one and are two again, and no key is moved either way."""

import json
from datetime import datetime

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event
from customers import merging
from customers.erasing import known_as
from customers.models import Customer, Identity
from customers.models_merging import Merge
from customers.recognising import Contact, recognise
from tests.cast import Cast, make_customer


def made(people: Cast, name: str, now: datetime) -> Customer:
    with writing():
        return make_customer(people.webshop, name, f"{name.lower()}@example.org", now)


def merged(one: Customer, into: Customer, now: datetime, reason: str = "The same phone number") -> Merge:
    with writing():
        return merging.merge(one, into, reason, now)


def undone(merge: Merge, now: datetime, reason: str = "Father and son") -> None:
    with writing():
        merging.unmerge(merge, reason, now)


def heads() -> dict[str, str | None]:
    """name → the name of who they are; None: themselves"""
    db.session.rollback()
    every = db.session.scalars(select(Customer).order_by(Customer.id)).all()
    names = {c.id: c.name for c in every}
    return {c.name: names[c.merged_into_id] if c.merged_into_id else None for c in every}


def keys() -> list[tuple[int, str]]:
    return [(i.customer_id, i.key) for i in db.session.scalars(select(Identity).order_by(Identity.id))]


@pytest.mark.both_databases
def test_two_become_one_and_no_key_is_moved(people: Cast, now: datetime) -> None:
    twin = made(people, "Ria", now)
    before = keys()
    merge = merged(twin, people.rita, now)
    assert heads() == {"Rita Ritsema": None, "Ria": "Rita Ritsema"}
    assert keys() == before
    assert set(merging.ids_of(twin)) == set(merging.ids_of(people.rita)) == {twin.id, people.rita.id}
    assert (merge.reason, merge.by, merge.undone_at) == ("The same phone number", "clock", None)


@pytest.mark.both_databases
def test_they_are_two_again_as_if_nothing_had_been(people: Cast, now: datetime) -> None:
    twin = made(people, "Ria", now)
    before = keys()
    merge = merged(twin, people.rita, now)
    undone(merge, now)
    assert heads() == {"Rita Ritsema": None, "Ria": None}
    assert keys() == before
    assert (merge.undone_by, merge.undone_reason) == ("clock", "Father and son")
    assert merged(twin, people.rita, now), "and one again, if that was the mistake"


def test_whoever_was_merged_before_comes_along_and_goes_back_with_them(people: Cast, now: datetime) -> None:
    """It is never a chain: everybody leads to the one they are."""
    a, b = made(people, "Anna", now), made(people, "Bea", now)
    merged(a, b, now)
    last = merged(b, people.rita, now)
    assert heads() == {"Rita Ritsema": None, "Anna": "Rita Ritsema", "Bea": "Rita Ritsema"}
    undone(last, now)
    assert heads() == {"Rita Ritsema": None, "Anna": "Bea", "Bea": None}


def test_the_first_can_be_taken_back_after_the_second(people: Cast, now: datetime) -> None:
    a, b = made(people, "Anna", now), made(people, "Bea", now)
    first, last = merged(a, b, now), merged(b, people.rita, now)
    undone(first, now)
    assert heads() == {"Rita Ritsema": None, "Anna": None, "Bea": "Rita Ritsema"}
    undone(last, now)
    assert heads() == {"Rita Ritsema": None, "Anna": None, "Bea": None}, (
        "who went away meanwhile does not come along"
    )


def test_into_somebody_who_is_somebody_else_already_is_into_that_one(people: Cast, now: datetime) -> None:
    a, b = made(people, "Anna", now), made(people, "Bea", now)
    merged(a, people.rita, now)
    merged(b, a, now)
    assert heads() == {"Rita Ritsema": None, "Anna": "Rita Ritsema", "Bea": "Rita Ritsema"}


def test_one_person_is_not_merged_with_themselves(people: Cast, now: datetime) -> None:
    twin = made(people, "Ria", now)
    merged(twin, people.rita, now)
    for one, into in ((twin, twin), (twin, people.rita), (people.rita, twin)):
        with pytest.raises(Conflict):
            merged(one, into, now)


def test_it_is_taken_back_once(people: Cast, now: datetime) -> None:
    merge = merged(made(people, "Ria", now), people.rita, now)
    undone(merge, now)
    with pytest.raises(Conflict):
        undone(merge, now)


@pytest.mark.parametrize("reason", ["", "  ", "\n\x00"])
def test_both_need_a_reason(people: Cast, now: datetime, reason: str) -> None:
    twin = made(people, "Ria", now)
    with pytest.raises(DomainError, match="Say why"):
        merged(twin, people.rita, now, reason)
    merge = merged(twin, people.rita, now)
    with pytest.raises(DomainError, match="Say why"):
        undone(merge, now, reason)
    assert heads()["Ria"] == "Rita Ritsema"


def test_nobody_is_merged_with_who_was_erased(people: Cast, now: datetime) -> None:
    twin = made(people, "Ria", now)
    with writing():
        twin.erased_at = now
    with pytest.raises(Conflict, match="erased"):
        merged(people.rita, twin, now)
    with pytest.raises(Conflict, match="erased"):
        merged(twin, people.rita, now)


def test_both_are_written_down_without_a_name(people: Cast, now: datetime) -> None:
    twin = made(people, "Ria", now)
    undone(merged(twin, people.rita, now), now)
    about = (
        select(Event).where(Event.subject_type == "customer", Event.subject_id == twin.id).order_by(Event.id)
    )
    events = db.session.scalars(about).all()
    assert [e.verb for e in events] == ["customer.merged", "customer.unmerged"]
    assert "Rit" not in json.dumps([e.detail for e in events])


def test_who_comes_back_by_an_old_address_is_the_same_person(people: Cast, now: datetime) -> None:
    twin = made(people, "Ria", now)
    merged(twin, people.rita, now)
    with writing():
        known = recognise(people.webshop.id, Contact(email="ria@example.org"), now)
    assert known
    assert known.customer_id == twin.id, "where their address leads"
    assert known.customer_id in merging.ids_of(people.rita)


@pytest.mark.parametrize("asked", ["one", "other"])
def test_who_is_one_person_is_erased_and_exported_as_one(people: Cast, now: datetime, asked: str) -> None:
    twin = made(people, "Ria", now)
    merged(twin, people.rita, now)
    person = known_as(twin if asked == "one" else people.rita)
    assert set(person.customer_ids) == {twin.id, people.rita.id}
    assert set(person.reached_at) == {"ria@example.org", "rita@example.com"}


def test_a_reason_that_names_them_goes_when_they_are_erased(people: Cast, now: datetime) -> None:
    twin = made(people, "Ria", now)
    merge = merged(twin, people.rita, now, "Ria is Rita")
    undone(merge, now, "Ria is not Rita")
    with writing():
        merging.forget_reasons([people.rita.id])
    db.session.refresh(merge)
    assert (merge.reason, merge.undone_reason) == ("–", "–")
    assert merge.by == "clock", "who and when stays"
