"""The known cast, as plain rows: Alice (manager) and Bob (agent) of a webshop, Charlie of another organisation, Rita who answers."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from accounts.models import Membership, Staff
from core.db import db
from core.models import Organisation
from customers.models import Customer, Identity

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, in rows that are committed."""

    webshop: Organisation
    housing: Organisation
    alice: Staff
    bob: Staff
    charlie: Staff
    rita: Customer


def make_cast(now: datetime) -> Cast:
    """Inside `writing()`. Most tests begin with it, and each flush costs a millisecond: it takes three."""
    webshop, housing = _organisation("webshop", now), _organisation("housing", now)
    _flushed(webshop, housing)
    alice, bob = _staff(webshop, "Alice Adams", now), _staff(webshop, "Bob Bakker", now)
    charlie, rita = _staff(housing, "Charlie Cole", now), _customer(webshop, "Rita Ritsema", now)
    _flushed(alice, bob, charlie, rita)
    members = (webshop, alice, "manager"), (webshop, bob, "agent"), (housing, charlie, "manager")
    _flushed(*(_member(*member, now) for member in members), _identity(rita, "rita@example.com", now))
    return Cast(webshop, housing, alice, bob, charlie, rita)


def make_organisation(slug: str, now: datetime, **values: Any) -> Organisation:
    return added(_organisation(slug, now, **values))


def make_staff(organisation: Organisation, name: str, role: str, now: datetime, **values: Any) -> Staff:
    """A colleague with one role; their address is <first name>@<organisation>.example."""
    staff = added(_staff(organisation, name, now, **values))
    added(_member(organisation, staff, role, now))
    return staff


def make_customer(organisation: Organisation, name: str, mail: str, now: datetime, **values: Any) -> Customer:
    """A person with one proved mail address."""
    customer = added(_customer(organisation, name, now, **values))
    added(_identity(customer, mail, now))
    return customer


def added(row: Row) -> Row:
    _flushed(row)
    return row


def _flushed(*rows: object) -> None:
    """Rows of one table get their numbers in this order."""
    db.session.add_all(rows)
    db.session.flush()


def _organisation(slug: str, now: datetime, **values: Any) -> Organisation:
    return Organisation(slug=slug, name=slug.capitalize(), created_at=now, **values)


def _staff(organisation: Organisation, name: str, now: datetime, **values: Any) -> Staff:
    email = f"{name.split(maxsplit=1)[0].lower()}@{organisation.slug}.example"
    values = {"language": "en", "email": email, **values}
    return Staff(name=name, created_at=now, fs_uniquifier=secrets.token_hex(16), **values)


def _member(organisation: Organisation, staff: Staff, role: str, now: datetime) -> Membership:
    return Membership(organisation_id=organisation.id, staff_id=staff.id, role=role, since=now)


def _customer(organisation: Organisation, name: str, now: datetime, **values: Any) -> Customer:
    return Customer(organisation_id=organisation.id, name=name, created_at=now, **values)


def _identity(customer: Customer, mail: str, now: datetime) -> Identity:
    return Identity(
        organisation_id=customer.organisation_id, customer_id=customer.id, created_at=now, proved_at=now,
        kind="mail", value=mail, key=mail.casefold(),
    )  # fmt: skip
