"""One person, whichever address they come with: recognised, remembered, and never taken for somebody else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from core.errors import DomainError
from customers.models import Customer, Identity
from customers.recognising import Contact, checked_address, identity, recognise
from tests.cast import Cast, make_customer
from tests.hostile import ADDRESSES

BOTH = pytest.mark.both_databases


def met(people: Cast, now: datetime, **said: Any) -> Customer | None:
    with writing():
        found = recognise(people.webshop.id, Contact(**said), now)
        return db.session.get_one(Customer, found.customer_id) if found else None


def known(customer: Customer | None) -> set[tuple[str, str]]:
    assert customer
    return {(i.kind, i.value) for i in customer.identities}


def test_without_an_address_nobody_is_known(people: Cast, now: datetime) -> None:
    for said in ({}, {"name": "Rita"}, {"email": "  "}, {"language": "nl"}):
        assert met(people, now, **said) is None
    assert db.session.query(Customer).count() == 1


@BOTH
@pytest.mark.parametrize(
    "email", ["rita@example.com", "RITA@EXAMPLE.COM", " rita@example.com ", "Rita@Example.com"]
)
def test_a_mail_address_in_any_case_is_hers(people: Cast, now: datetime, email: str) -> None:
    found = met(people, now, email=email)
    assert found is people.rita
    assert known(found) == {("mail", "rita@example.com")}


@BOTH
@pytest.mark.parametrize(("one", "other"), [
    ("ren\u00e9@example.com", "rene\u0301@example.com"), ("ÜNAL@example.com", "ünal@example.com"), ("straße@example.com", "STRASSE@example.com"),
])  # fmt: skip
def test_letters_beyond_ascii_too(people: Cast, now: datetime, one: str, other: str) -> None:
    assert met(people, now, email=one) is met(people, now, email=other)


@BOTH
def test_any_of_her_addresses_will_do_and_new_ones_are_remembered(people: Cast, now: datetime) -> None:
    first = met(people, now, email="rita@example.com", phone="06 12345678")
    second = met(people, now, phone="06 12345678", external_id="K-7")
    third = met(people, now, external_id="k-7", email="rita@work.example")
    assert first is second is third is people.rita
    assert known(third) == {
        ("mail", "rita@example.com"), ("mail", "rita@work.example"), ("phone", "06 12345678"), ("number", "K-7"),
    }  # fmt: skip


def test_what_she_says_is_claimed_until_it_is_proved(people: Cast, now: datetime) -> None:
    met(people, now, email="rita@example.com", phone="06 12345678")
    assert {i.kind: i.proved_at for i in people.rita.identities} == {"mail": now, "phone": None}


@BOTH
def test_the_address_of_somebody_else_stays_theirs(people: Cast, now: datetime) -> None:
    with writing():
        piet = make_customer(people.webshop, "Piet", "piet@example.com", now)
    met(people, now, email="rita@example.com", phone="1")
    met(people, now, email="piet@example.com", phone="1")
    assert known(piet) == {("mail", "piet@example.com")}
    assert known(people.rita) == {("mail", "rita@example.com"), ("phone", "1")}


def test_a_number_is_not_a_phone(people: Cast, now: datetime) -> None:
    assert met(people, now, phone="12345") is not met(people, now, external_id="12345")


@BOTH
def test_organisations_know_their_own_customers(people: Cast, now: datetime) -> None:
    with writing():
        there = recognise(people.housing.id, Contact(email="rita@example.com", name="R."), now)
    assert there
    assert there.customer_id != people.rita.id
    assert people.rita.name == "Rita Ritsema"
    found = identity(people.housing.id, "RITA@example.com")
    assert found
    assert found.customer_id == there.customer_id


@BOTH
def test_the_database_itself_keeps_an_address_once(people: Cast, now: datetime) -> None:
    values = {"organisation_id": people.webshop.id, "customer_id": people.rita.id, "created_at": now}
    with pytest.raises(IntegrityError), writing():
        db.session.add(Identity(kind="mail", value="RITA@example.com", key="rita@example.com", **values))
    with pytest.raises(IntegrityError), writing():
        db.session.add(Identity(kind="fax", value="1", key="1", **values))


def test_a_name_is_learned_once_and_never_overwritten(people: Cast, now: datetime) -> None:
    nameless = met(people, now, email="new@example.com")
    assert nameless
    assert nameless.name == ""
    met(people, now, email="new@example.com", name=" Noor \n Nieuw ")
    met(people, now + timedelta(days=1), email="new@example.com", name="Evil <b>")
    assert (nameless.name, nameless.created_at) == ("Noor Nieuw", now)


def test_the_first_mail_address_is_where_they_hear(people: Cast, now: datetime) -> None:
    met(people, now, email="rita@example.com", phone="1")
    met(people, now, phone="1", email="second@example.com")
    with writing():
        by_mail = recognise(people.webshop.id, Contact(phone="1"), now)
        by_phone = recognise(people.webshop.id, Contact(phone="2"), now)
    assert by_mail
    assert by_mail.mail_id
    assert db.session.get_one(Identity, by_mail.mail_id).value == "rita@example.com"
    assert by_phone
    assert by_phone.mail_id is None


@pytest.mark.security("header injection")
@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("text", ADDRESSES)
def test_what_is_not_one_address_is_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(DomainError, match="is not a mail address") as refused:
        checked_address(text)
    assert "\n" not in refused.value.sentence


@pytest.mark.parametrize(("typed", "kept"), [
    (" rita@example.com ", "rita@example.com"), ("Rita@EXAMPLE.com", "Rita@example.com"), ("rita+box@example.co.uk", "rita+box@example.co.uk"),
    ("o'brien@example.org", "o'brien@example.org"), ("rita@exämple.nl", "rita@exämple.nl"), ("rita@shop.test", "rita@shop.test"),
    ("ren\u0065\u0301@example.com", "ren\u00e9@example.com"),
])  # fmt: skip
def test_an_address_is_kept_as_its_owner_writes_it(typed: str, kept: str) -> None:
    assert checked_address(typed) == kept


@pytest.mark.usefixtures("english")
@given(st.text(max_size=80))
def test_whatever_is_typed_is_one_address_or_a_sentence(text: str) -> None:
    try:
        found = checked_address(text)
    except DomainError:
        return
    assert found.count("@") == 1
    assert found.isprintable()
    assert not set(found) & set(" ,;<>\n")


@given(st.from_regex(r"[a-zA-Z0-9_+.-]{0,24}@[a-z0-9.-]{0,24}", fullmatch=True))
def test_a_plain_address_is_judged_as_the_library_judges_all_of_it(text: str) -> None:
    assert _or_nothing(checked_address, text) == _or_nothing(
        lambda t: validate_email(t, check_deliverability=False, test_environment=True).normalized, text
    )


def _or_nothing(judge: Callable[[str], str], text: str) -> str:
    try:
        return judge(text)
    except (DomainError, EmailNotValidError):
        return ""
