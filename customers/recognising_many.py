"""`recognise` for many at once, by the same rules and in the same order, in a few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, tuple_, update

from core.db import db
from core.rows import among
from core.text import one_line
from customers.models import Customer, Identity
from customers.recognising import FORMS_OF_ADDRESS, Contact, Known, key_of

Address = tuple[str, str]
"""(kind, key)"""


@dataclass(eq=False, slots=True)
class _Person:
    """Somebody who is known, or will be."""

    id: int | None = None
    name: str = ""
    language: str = ""


def recognise_many(organisation_id: int, contacts: Sequence[Contact], now: datetime) -> list[Known | None]:
    """Inside `writing()`. The customer of each contact, made when unknown; None where there is no address at all."""
    addresses = [_addresses(contact) for contact in contacts]
    owners = _owners(organisation_id, {one for each in addresses for one in each})
    fresh: list[tuple[_Person, Address, str]] = []
    persons = [_person(c, each, owners, fresh) for c, each in zip(contacts, addresses, strict=True)]
    _meet(organisation_id, persons, now)
    _remember(organisation_id, fresh, now)
    _name(persons, contacts)
    mails = _first_mails({p.id for p in persons if p and p.id})
    return [Known(p.id, mails.get(p.id)) if p and p.id else None for p in persons]


def _addresses(contact: Contact) -> dict[Address, str]:
    said = {kind: getattr(contact, name).strip() for kind, name in FORMS_OF_ADDRESS.items()}
    return {(kind, key_of(kind, value, contact.name)): value for kind, value in said.items() if value}


def _owners(organisation_id: int, addresses: set[Address]) -> dict[Address, _Person]:
    here = Identity.organisation_id == organisation_id
    found = db.session.execute(
        select(Identity.kind, Identity.key, Identity.customer_id).where(
            here, tuple_(Identity.kind, Identity.key).in_(list(addresses))
        )
    ).all()
    persons = {row.customer_id: _Person(row.customer_id) for row in found}
    return {(row.kind, row.key): persons[row.customer_id] for row in found}


def _person(
    contact: Contact, addresses: dict[Address, str], owners: dict[Address, _Person], fresh: list[tuple[_Person, Address, str]]
) -> _Person | None:  # fmt: skip
    """Whoever has one of the addresses; the others become theirs, unless they are somebody else's."""
    if not addresses:
        return None
    known = next((owners[one] for one in addresses if one in owners), None)
    person = known or _Person(name=one_line(contact.name), language=contact.language)
    for one, value in addresses.items():
        if one not in owners:
            owners[one] = person
            fresh.append((person, one, value))
    return person


def _meet(organisation_id: int, persons: Iterable[_Person | None], now: datetime) -> None:
    new = list({id(p): p for p in persons if p and not p.id}.values())
    lines = [
        {"organisation_id": organisation_id, "name": p.name, "language": p.language, "created_at": now}
        for p in new
    ]
    if lines:
        query = insert(Customer).returning(Customer.id, sort_by_parameter_order=True)
        for person, number in zip(new, db.session.scalars(query, lines), strict=True):
            person.id = number


def _remember(organisation_id: int, fresh: Iterable[tuple[_Person, Address, str]], now: datetime) -> None:
    lines = [
        {"organisation_id": organisation_id, "customer_id": p.id, "kind": kind, "value": value, "key": key, "created_at": now}
        for p, (kind, key), value in fresh
    ]  # fmt: skip
    if lines:
        db.session.execute(insert(Identity), lines)


def _name(persons: Iterable[_Person | None], contacts: Iterable[Contact]) -> None:
    """Somebody we knew by an address alone says how they are called: the first time counts."""
    said: dict[int, str] = {}
    for person, contact in zip(persons, contacts, strict=True):
        if person and person.id and contact.name:
            said.setdefault(person.id, one_line(contact.name))
    nameless = select(Customer.id).where(among(Customer.id, said), Customer.name == "")
    changed: list[dict[str, Any]] = [
        {"id": number, "name": said[number]} for number in db.session.scalars(nameless)
    ]
    if changed:
        db.session.execute(update(Customer), changed)


def _first_mails(customers: Iterable[int]) -> dict[int, int]:
    first = select(Identity.customer_id, func.min(Identity.id)).where(
        among(Identity.customer_id, customers), Identity.kind == "mail"
    )
    return {row[0]: row[1] for row in db.session.execute(first.group_by(Identity.customer_id))}
