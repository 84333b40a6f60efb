"""People whom nothing leads to any more, once their time is over: no name and no address is left."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from accounts import erasing as programs
from core.db import db
from core.rows import among
from customers.erasing import known_as, unname
from customers.models import Customer
from outbox import erasing as outbox


def forget_customers(ids: Sequence[int], now: datetime) -> None:
    """With whoever turned out to be them, and what was written to an address of theirs about no answer."""
    for customer in db.session.scalars(select(Customer).where(among(Customer.id, ids))).all():
        person = known_as(customer)
        outbox.forget_messages(outbox.sent_to(person.organisation_id, person.reached_at), "suppressed", now)
        for address in person.reached_at:
            outbox.forget_what_servers_said_of(address)
        words = [*person.names, *(value for _kind, value, _key in person.addresses)]
        programs.forget(person.organisation_id, words)
        unname(person, now)
