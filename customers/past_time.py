"""People whom nothing leads to any more, once their time is over: no name and no address is left."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select

from accounts import erasing as programs
from core.db import db
from core.rows import among
from customers.erasing import Person, unname
from customers.models import Customer, Identity
from outbox import erasing as outbox


def forget_customers(ids: Sequence[int], now: datetime) -> None:
    """With whoever turned out to be them, and what was written to an address of theirs about no answer. All of them at once."""
    person = _as_one(ids)
    if messages := outbox.sent_to(person.organisation_id, person.reached_at):
        outbox.forget_messages(messages, "suppressed", now)
    outbox.forget_what_servers_said_of(person.reached_at)
    unname(person, now)


def out_of_answers_to_programs(ids: Sequence[int]) -> Callable[[], None]:
    """Not inside `writing()`: all that programs were answered is read for it. What it returns, inside."""
    person = _as_one(ids)
    words = [*person.names, *(value for _kind, value, _key in person.addresses)]
    return partial(programs.empty, programs.naming(person.organisation_id, words))


def _as_one(heads: Sequence[int]) -> Person:
    """Everything that these people are known as."""
    merged = db.session.scalars(select(Customer.id).where(among(Customer.merged_into_id, heads))).all()
    same = among(Customer.id, [*heads, *merged])  # by "or" every customer would be read
    found = db.session.execute(select(Customer.id, Customer.organisation_id, Customer.name).where(same)).all()
    ids = tuple(row.id for row in found)
    columns = select(Identity.kind, Identity.value, Identity.key).where(among(Identity.customer_id, ids))
    addresses = tuple((kind, value, key) for kind, value, key in db.session.execute(columns))
    here = found[0].organisation_id if found else 0
    return Person(here, ids, tuple(row.name for row in found if row.name), addresses)
