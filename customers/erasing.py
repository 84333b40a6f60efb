"""A person is forgotten: their name and addresses go, and no mail goes to them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from core.db import db
from core.tombstones import mark_of
from customers.merging import forget_reasons
from customers.models import Customer, Identity
from outbox.suppressing import suppress


@dataclass(frozen=True, slots=True)
class Person:
    """Everything one person is known as, and the numbers of what they left here."""

    organisation_id: int
    customer_ids: tuple[int, ...]
    names: tuple[str, ...]
    addresses: tuple[tuple[str, str, str], ...]
    """(kind, value, key)"""
    response_ids: tuple[int, ...] = ()
    comment_ids: tuple[int, ...] = ()

    @property
    def reached_at(self) -> tuple[str, ...]:
        """Where messages of any channel went."""
        return tuple(value for kind, value, _key in self.addresses if kind != "number")

    @property
    def marks(self) -> list[str]:
        return [mark_of(self.organisation_id, kind, key) for kind, _value, key in self.addresses]


def known_as(customer: Customer) -> Person:
    """The customer, whoever was merged into them, and whom they were merged into."""
    head = customer.merged_into_id or customer.id
    one = or_(Customer.id == head, Customer.merged_into_id == head)
    same = db.session.scalars(select(Customer).where(one).order_by(Customer.id)).all()
    ids = tuple(c.id for c in same)
    columns = select(Identity.kind, Identity.value, Identity.key).where(Identity.customer_id.in_(ids))
    addresses = tuple(
        (kind, value, key) for kind, value, key in db.session.execute(columns.order_by(Identity.id))
    )
    return Person(customer.organisation_id, ids, tuple(c.name for c in same if c.name), addresses)


def forget(person: Person, now: datetime) -> None:
    """Last of all: answers must not lead to an address any more."""
    for address in person.reached_at:
        suppress(person.organisation_id, address, "erased", now)
    unname(person, now)


def unname(person: Person, now: datetime) -> None:
    """Nobody asked for it where their time was over: then no address is blocked, and they may be asked again."""
    db.session.execute(delete(Identity).where(Identity.customer_id.in_(person.customer_ids)))
    forget_reasons(person.customer_ids)
    gone = {"name": "", "language": "", "erased_at": now}
    db.session.execute(update(Customer).where(Customer.id.in_(person.customer_ids)).values(gone))
    db.session.expire_all()


def matching(organisation_id: int, marks: Sequence[str], until: datetime) -> list[Customer]:
    """Whoever is known by one of these marks since before that moment: each once, whoever they were merged into.

    Each address is looked at: only after a restore.
    """
    wanted = set(marks)
    rows = select(Identity).where(Identity.organisation_id == organisation_id, Identity.created_at <= until)
    found = [
        i.customer for i in db.session.scalars(rows) if mark_of(organisation_id, i.kind, i.key) in wanted
    ]
    return list({c.merged_into_id or c.id: c for c in found}.values())
