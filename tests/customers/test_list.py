"""The list of customers: whose, in which order, found by what, and page after page."""

from datetime import datetime

import pytest

from core.db import db, writing
from customers.models import Customer
from customers.recognising import Contact, recognise
from tests.browser import Colleague
from tests.cast import Cast, make_customer
from tests.each import each
from tests.pages import Page, get

LIST = "/customers"


def names(page: Page) -> list[str]:
    return [name for name, address in page.links().items() if address.startswith("/customers/")]


@pytest.mark.parametrize("who", ["alice", "bob", "vera"])
def test_whoever_works_here_sees_it(request: pytest.FixtureRequest, people: Cast, who: str) -> None:
    page = get(request.getfixturevalue(who), LIST)
    assert page.status == 200
    assert "Rita Ritsema" in page.words
    assert "rita@example.com" in page.words


def test_another_organisation_sees_only_its_own(charlie: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        make_customer(people.housing, "Tenant", "rita@example.com", now)
    page = get(charlie, LIST)
    assert "Tenant" in page.words
    assert "Rita" not in page.words
    assert names(get(charlie, f"{LIST}?q=Ritsema")) == []


@pytest.mark.both_databases
def test_newest_first_and_page_after_page(alice: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        for n in range(104):
            make_customer(people.webshop, f"Person {n:03}", f"p{n}@example.com", now)
    seen, page = list[str](), get(alice, LIST)
    for _turn in range(5):
        seen += names(page)
        following = [a for a in page.links().values() if "before=" in a]
        if not following:
            break
        page = get(alice, following[-1])
    assert seen == [f"Person {n:03}" for n in range(103, -1, -1)] + ["Rita Ritsema"]


@pytest.mark.both_databases
@each(("words", "found"), [
    ("rita", True), ("RITSEMA", True), ("ita rit", True), ("RITA@EXAMPLE", True), ("612345", True), ("k-7", True), ("piet", False), ("%", False),
    ("_", False), ("' OR 1=1--", False), ("rita%", False), ("\x00rita", True), ("", True), ("   ", True), ("x" * 5000, False),
])  # fmt: skip
def test_found_by_name_and_by_any_address(
    alice: Colleague, people: Cast, now: datetime, words: str, found: bool
) -> None:
    with writing():
        recognise(
            people.webshop.id, Contact(email="rita@example.com", phone="0612345678", external_id="K-7"), now
        )
    page = Page(alice.get(LIST, query_string={"q": words}))
    assert page.status == 200
    assert (names(page) == ["Rita Ritsema"]) is found


def test_who_was_merged_into_another_stands_there_no_more(
    alice: Colleague, people: Cast, now: datetime
) -> None:
    with writing():
        make_customer(people.webshop, "Rita again", "again@example.com", now).merged_into_id = people.rita.id
    assert names(get(alice, LIST)) == ["Rita Ritsema"]


def test_nobody_yet_and_nobody_found_say_so(alice: Colleague, people: Cast) -> None:
    nobody = get(alice, f"{LIST}?q=piet").words
    with writing():
        for identity in people.rita.identities:
            db.session.delete(identity)
        db.session.flush()
        db.session.delete(people.rita)
    assert db.session.query(Customer).count() == 0
    assert nobody != get(alice, LIST).words


@each("before", ["0", "-1", "x", str(2**63), "1e9", "١", "1\x00", ""])
def test_a_place_that_is_none(alice: Colleague, people: Cast, before: str) -> None:
    assert alice.get(LIST, query_string={"before": before}).status_code == 200
