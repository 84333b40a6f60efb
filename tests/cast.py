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
    """Inside `writing()`."""
    webshop, housing = make_organisation("webshop", now), make_organisation("housing", now)
    return Cast(
        webshop=webshop,
        housing=housing,
        alice=make_staff(webshop, "Alice Adams", "manager", now),
        bob=make_staff(webshop, "Bob Bakker", "agent", now),
        charlie=make_staff(housing, "Charlie Cole", "manager", now),
        rita=make_customer(webshop, "Rita Ritsema", "rita@example.com", now),
    )


def make_organisation(slug: str, now: datetime, **values: Any) -> Organisation:
    return added(Organisation(slug=slug, name=slug.capitalize(), created_at=now, **values))


def make_staff(organisation: Organisation, name: str, role: str, now: datetime, **values: Any) -> Staff:
    """A colleague with one role; their address is <first name>@<organisation>.example."""
    email = f"{name.split(maxsplit=1)[0].lower()}@{organisation.slug}.example"
    values = {"language": "en", "email": email, **values}
    staff = added(Staff(name=name, created_at=now, fs_uniquifier=secrets.token_hex(16), **values))
    added(Membership(organisation_id=organisation.id, staff_id=staff.id, role=role, since=now))
    return staff


def make_customer(organisation: Organisation, name: str, mail: str, now: datetime, **values: Any) -> Customer:
    """A person with one proved mail address."""
    customer = added(Customer(organisation_id=organisation.id, name=name, created_at=now, **values))
    keys = {
        "organisation_id": organisation.id,
        "customer_id": customer.id,
        "created_at": now,
        "proved_at": now,
    }
    added(Identity(kind="mail", value=mail, key=mail.casefold(), **keys))
    return customer


def added(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row
