"""Recognise a person by any of their addresses, or meet them for the first time."""

from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from core import rows
from core.db import db
from core.errors import DomainError
from core.text import one_line, search_key
from customers.models import Customer, Identity

FORMS_OF_ADDRESS = {"mail": "email", "phone": "phone", "number": "external_id"}
"""kind of identity → the name it has in forms and in the API"""
_IDENTITY = (
    select(Identity)
    .where(
        Identity.organisation_id == bindparam("organisation_id"),
        Identity.kind == bindparam("kind"),
        Identity.key == bindparam("key"),
    )
    .options(joinedload(Identity.customer, innerjoin=True))
)


@dataclass(frozen=True, slots=True)
class Contact:
    """What somebody said about themselves; every part may be left out."""

    name: str = ""
    email: str = ""
    phone: str = ""
    external_id: str = ""
    language: str = ""


def recognise(organisation_id: int, contact: Contact, now: datetime) -> Customer | None:
    """The customer of these addresses, made when unknown; None when there is no address at all."""
    wanted = [(kind, v) for kind, name in FORMS_OF_ADDRESS.items() if (v := getattr(contact, name).strip())]
    if not wanted:
        return None
    found = [(kind, value, _known(organisation_id, kind, value)) for kind, value in wanted]
    known = next((identity for _kind, _value, identity in found if identity), None)
    customer = known.customer if known else _meet(organisation_id, contact, now)
    for kind, value, identity in found:
        if not identity:
            _remember(customer, kind, value, now)
    customer.name = customer.name or one_line(contact.name)
    return customer


def mail_of(customer: Customer) -> Identity | None:
    return next((i for i in customer.identities if i.kind == "mail"), None)


def identity(organisation_id: int, email: str) -> Identity | None:
    return _known(organisation_id, "mail", email)


def checked_address(text: str) -> str:
    """An address by its form, never by DNS; DomainError with a sentence when it cannot be one."""
    try:
        return validate_email(text.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise DomainError(
            _("“%(text)s” is not a mail address. An example is name@example.org.", text=one_line(text, 80))
        ) from None


def _known(organisation_id: int, kind: str, value: str) -> Identity | None:
    wanted = {"organisation_id": organisation_id, "kind": kind, "key": search_key(value)}
    return db.session.scalar(_IDENTITY, wanted)


def _meet(organisation_id: int, contact: Contact, now: datetime) -> Customer:
    met = rows.insert(
        Customer(
            organisation_id=organisation_id,
            name=one_line(contact.name),
            language=contact.language,
            created_at=now,
        )
    )
    set_committed_value(met, "identities", [])
    return met


def _remember(customer: Customer, kind: str, value: str, now: datetime) -> None:
    """An address that nobody has yet; one that is somebody else's stays theirs."""
    identity = rows.insert(
        Identity(
            organisation_id=customer.organisation_id,
            customer_id=customer.id,
            kind=kind,
            value=value.strip(),
            key=search_key(value),
            created_at=now,
        )
    )
    set_committed_value(customer, "identities", [*customer.identities, identity])
