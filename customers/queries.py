"""The people an organisation knows, and their addresses."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from core import clock
from core.access import access, own
from core.db import db
from core.text import search_key, spellings
from customers import merging
from customers.models import Customer, Identity
from customers.models_erasure import Erasure

PAGE = 50


@dataclass(frozen=True, slots=True)
class Address:
    """One identity: mail, phone or number; `proved_on` None while it is only claimed."""

    kind: str
    value: str
    proved_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """One person; `name` is empty where nobody gave one."""

    id: int
    name: str
    language: str
    since: date
    erased: bool
    past_time: bool
    """Nobody asked for that: their time was over."""
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    next: int | None


def page(words: str, before: int | None, timezone: str) -> Page:
    """The organisation's customers, newest first; `words` are looked for in names and addresses."""
    query = (
        own(Customer)
        .where(Customer.merged_into_id.is_(None), Customer.erased_at.is_(None))
        .options(
            selectinload(Customer.identities), selectinload(Customer.same).selectinload(Customer.identities)
        )
    )
    query = query.where(_named(words)) if words else query
    query = query.where(Customer.id < before) if before else query
    found = list(db.session.scalars(query.order_by(Customer.id.desc()).limit(PAGE + 1)))
    return Page([line(c, timezone) for c in found[:PAGE]], found[PAGE - 1].id if len(found) > PAGE else None)


def _named(words: str):  # type: ignore[no-untyped-def]
    """By any name or address of theirs, also those of whoever turned out to be them."""
    other = aliased(Customer)
    here = other.organisation_id == access().organisation_id
    who = select(func.coalesce(other.merged_into_id, other.id)).where(here)
    named = (other.name.icontains(s, autoescape=True) for s in spellings(words))
    known = who.join(Identity, Identity.customer_id == other.id).where(
        Identity.key.contains(search_key(words), autoescape=True)
    )
    return or_(Customer.id.in_(who.where(or_(*named))), Customer.id.in_(known))


def line(customer: Customer, timezone: str) -> Line:
    """With the addresses of whoever turned out to be them."""
    return Line(
        customer.id, customer.name, customer.language, clock.local_date(customer.created_at, timezone), customer.erased_at is not None, _is_past_time(customer),
        tuple(_address(i, timezone) for one in (customer, *customer.same) for i in one.identities),
    )  # fmt: skip


def _is_past_time(customer: Customer) -> bool:
    """Nothing was asked, so no line says why."""
    asked = exists().where(Erasure.customer_id.in_(merging.ids_of(customer)))
    return bool(customer.erased_at and not db.session.scalar(select(asked)))


def _address(identity: Identity, timezone: str) -> Address:
    proved = identity.proved_at
    return Address(identity.kind, identity.value, clock.local_date(proved, timezone) if proved else None)
