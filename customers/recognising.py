"""Recognise a person by any of their addresses, or meet them for the first time."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from email_validator import EmailNotValidError, ValidatedEmail, validate_email
from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from core import rows
from core.db import db
from core.errors import DomainError
from core.text import one_line, search_key
from customers.models import Customer, Identity

FORMS_OF_ADDRESS = {"mail": "email", "phone": "phone", "number": "external_id", "post": "address"}
"""kind of identity → the name it has in forms and in the API"""
_PLAIN = re.compile(r"([a-z0-9_+-]{1,20}(?:\.[a-z0-9_+-]{1,20}){0,2})@([a-z0-9.-]{1,80})")
"""What the library would leave as it is before the @, and never find too long."""
_OF_AN_ORGANISATION = (
    Identity.organisation_id == bindparam("organisation_id"),
    Identity.kind == bindparam("kind"),
    Identity.key == bindparam("key"),
)
_IDENTITY = select(Identity.id, Identity.customer_id).where(*_OF_AN_ORGANISATION)
_FIRST_MAIL = (
    select(Identity.id)
    .where(Identity.customer_id == bindparam("customer_id"), Identity.kind == "mail")
    .order_by(Identity.id)
    .limit(1)
)
_NAMELESS = select(Customer).where(Customer.id == bindparam("customer_id"), Customer.name == "")


@dataclass(frozen=True, slots=True)
class Contact:
    """What somebody said about themselves; every part may be left out."""

    name: str = ""
    email: str = ""
    phone: str = ""
    external_id: str = ""
    language: str = ""
    address: str = ""


class Known(NamedTuple):
    """Who it is, and the first mail address of theirs."""

    customer_id: int
    mail_id: int | None


def recognise(organisation_id: int, contact: Contact, now: datetime) -> Known | None:
    """The customer of these addresses, made when unknown; None when there is no address at all."""
    wanted = {kind: v for kind, name in FORMS_OF_ADDRESS.items() if (v := getattr(contact, name).strip())}
    if not wanted:
        return None
    owners = {
        kind: _owner(organisation_id, kind, key_of(kind, value, contact.name))
        for kind, value in wanted.items()
    }
    known = next((owner for owner in owners.values() if owner), None)
    customer_id = known or _meet(organisation_id, contact, now)
    new = {
        kind: _remember(organisation_id, customer_id, kind, value, contact.name, now)
        for kind, value in wanted.items()
        if not owners[kind]
    }
    if not known:
        return Known(customer_id, new.get("mail"))
    _name(known, contact)
    mail = rows.first(_FIRST_MAIL, customer_id=known)
    return Known(known, mail[0] if mail else None)


def remember(organisation_id: int, customer_id: int, contact: Contact, now: datetime) -> bool:
    """Addresses that a customer whom we know gives besides; False when one of them is somebody else's."""
    given = {kind: v for kind, name in FORMS_OF_ADDRESS.items() if (v := getattr(contact, name).strip())}
    owners = {kind: _owner(organisation_id, kind, key_of(kind, v, contact.name)) for kind, v in given.items()}
    if any(owner not in {None, customer_id} for owner in owners.values()):
        return False
    for kind, value in given.items():
        if not owners[kind]:
            _remember(organisation_id, customer_id, kind, value, contact.name, now)
    return True


def identity(organisation_id: int, address: str, kind: str = "mail", name: str = "") -> Identity | None:
    wanted = {"organisation_id": organisation_id, "kind": kind, "key": key_of(kind, address, name)}
    return db.session.scalar(select(Identity).where(*_OF_AN_ORGANISATION), wanted)


def checked_address(text: str) -> str:
    """An address by its form, never by DNS; DomainError with a sentence when it cannot be one.

    Nearly all are plain, at one of a few providers: then only what stands behind the @ has to be judged, and once.
    """
    text, plain = text.strip(), _PLAIN.fullmatch(text.strip())
    try:
        return f"{plain[1]}@{_host(plain[2])}" if plain else _judged(text).normalized
    except EmailNotValidError:
        raise DomainError(
            _("“%(text)s” is not a mail address. An example is name@example.org.", text=one_line(text, 80))
        ) from None


@lru_cache(maxsize=2048)
def _host(name: str) -> str:
    return _judged(f"x@{name}").domain


def _judged(address: str) -> ValidatedEmail:
    return validate_email(address, check_deliverability=False, test_environment=True)


def key_of(kind: str, value: str, name: str) -> str:
    """What is compared. A household shares one postal address: who lives there is known by name as well."""
    return search_key(f"{name} {value}" if kind == "post" else value)[:320]


def _owner(organisation_id: int, kind: str, key: str) -> int | None:
    found = rows.first(_IDENTITY, organisation_id=organisation_id, kind=kind, key=key)
    return found.customer_id if found else None


def _meet(organisation_id: int, contact: Contact, now: datetime) -> int:
    name, language = one_line(contact.name), contact.language
    return rows.put(Customer, organisation_id=organisation_id, name=name, language=language, created_at=now)


def _name(customer_id: int, contact: Contact) -> None:
    """Somebody we knew by an address alone says how they are called."""
    nameless = contact.name and db.session.scalar(_NAMELESS, {"customer_id": customer_id})
    if nameless:
        nameless.name = one_line(contact.name)


def _remember(organisation_id: int, customer_id: int, kind: str, value: str, name: str, now: datetime) -> int:
    """An address that nobody has yet; one that is somebody else's stays theirs."""
    address = {"kind": kind, "value": value.strip(), "key": key_of(kind, value, name)}
    return rows.put(
        Identity, organisation_id=organisation_id, customer_id=customer_id, created_at=now, **address
    )
