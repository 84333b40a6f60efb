"""Who is one person is erased and exported as one, whichever of their pages it was asked on."""

import json
from datetime import datetime

import pytest
from sqlalchemy import select

from core.db import db, writing
from customers import merging
from customers.models import Customer, Identity
from customers.models_merging import Merge
from outbox.suppressing import suppression
from promises.ledger import Scope, ledger
from reports.erasure.erasing import erase
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast, make_customer
from tests.loop import answered

ADDRESSES = ("rita@example.com", "r@example.org")


@pytest.fixture
def twin(people: Cast, survey: Survey, now: datetime) -> Customer:
    """Another customer with an answer of their own, who turned out to be Rita."""
    with writing():
        other = make_customer(people.webshop, "R. Ritsema", ADDRESSES[1], now)
        held = db.session.merge(survey)
        for mail in ADDRESSES:
            answered(held, now, f"Words of {mail}", email=mail)
        merging.merge(other, people.rita, "R. Ritsema is Rita", now)
    return other


@pytest.mark.both_databases
@pytest.mark.parametrize("asked", ["one", "other"])
def test_asked_on_either_page_both_are_erased(
    people: Cast, twin: Customer, now: datetime, asked: str
) -> None:
    shop = people.webshop.id
    with writing():
        erase(twin if asked == "one" else people.rita, "They asked for it", now)
    db.session.rollback()
    assert db.session.scalars(select(Identity.value)).all() == []
    assert set(db.session.scalars(select(Customer.name).where(Customer.organisation_id == shop))) == {""}
    assert set(db.session.scalars(select(Response.customer_id))) == {None}
    assert all(suppression(shop, mail) for mail in ADDRESSES)
    found = ledger(Scope(shop))
    assert (found.responses, found.unreached, found.adds_up) == (2, 2, True), "both answers stay counted"


def test_the_reason_that_named_them_goes_and_who_said_so_stays(
    people: Cast, twin: Customer, now: datetime
) -> None:
    with writing():
        erase(people.rita, "They asked for it", now)
    db.session.rollback()
    merge = db.session.scalars(select(Merge)).one()
    assert (merge.reason, merge.by) == ("–", "clock")


@pytest.mark.parametrize("asked", ["one", "other"])
def test_asked_on_either_page_everything_of_both_is_in_the_file(
    alice: Colleague, people: Cast, twin: Customer, asked: str
) -> None:
    number = twin.id if asked == "one" else people.rita.id
    held = json.loads(alice.get(f"/customers/{number}/export.json").text)
    assert {a["address"] for a in held["addresses"]} == set(ADDRESSES)
    assert set(held["names"]) == {"Rita Ritsema", "R. Ritsema"}
    said = {a["text"] for answer in held["answers"] for a in answer["answers"] if a["text"]}
    assert said == {f"Words of {mail}" for mail in ADDRESSES}


def test_two_again_each_is_erased_alone(people: Cast, twin: Customer, now: datetime) -> None:
    with writing():
        merging.unmerge(db.session.scalars(select(Merge)).one(), "Father and son", now)
        erase(twin, "They asked for it", now)
    db.session.rollback()
    assert db.session.scalars(select(Identity.value)).all() == [ADDRESSES[0]]
    assert db.session.get_one(Customer, people.rita.id).name == "Rita Ritsema"
