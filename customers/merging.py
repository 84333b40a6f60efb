"""One person, many identities: two customers become one, and are two again when that was a mistake.

No key is moved: `merged_into_id` says who somebody is, and is never a chain. So everything that was said and
promised stays where it was, and taking it back leaves nothing behind.
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from core.text import one_line
from customers.models import Customer
from customers.models_merging import Merge

REASON = 1000
GONE = "–"


def ids_of(customer: Customer) -> tuple[int, ...]:
    """All numbers of one person."""
    one = customer.merged_into_id or customer.id
    same = select(Customer.id).where(or_(Customer.id == one, Customer.merged_into_id == one))
    return tuple(db.session.scalars(same.order_by(Customer.id)))


def merge(customer: Customer, into: Customer, reason: str, now: datetime) -> Merge:
    """From now on `customer` is the same person as `into`. Conflict where that holds already, or one of them was erased."""
    said = _said(reason)
    one, other = (_whole(c) for c in _locked(customer, into))
    if one.id == other.id:
        raise Conflict(_("These two are one person already."))
    if one.erased_at or other.erased_at:
        raise Conflict(_("One of them was erased: nothing leads to them any more."))
    along = [id for id in ids_of(one) if id != one.id]
    made = Merge(
        organisation_id=one.organisation_id, customer_id=one.id, into_id=other.id, along=along, reason=said, by=audit.actor(), at=now
    )  # fmt: skip
    db.session.add(made)
    _lead([one.id, *along], other.id)
    audit.record("customer.merged", one, now, into=other.id)
    return made


def unmerge(made: Merge, reason: str, now: datetime) -> None:
    """They are two again, each with whoever came along. Conflict where that was done, or they were erased meanwhile."""
    said = _said(reason)
    one, _other = _locked(made.customer, made.into)
    db.session.refresh(made)
    if made.undone_at or one.erased_at or one.merged_into_id is None:
        raise Conflict(_("This was taken back already, or they were erased meanwhile."))
    along = [id for id in made.along if id in ids_of(one)]
    _lead(along, one.id)
    _lead([one.id], None)
    made.undone_at, made.undone_by, made.undone_reason = now, audit.actor(), said
    audit.record("customer.unmerged", one, now, from_=made.into_id)


def merges_of(customer: Customer) -> Sequence[Merge]:
    """Those that hold, oldest first."""
    mine = Merge.customer_id.in_(ids_of(customer)), Merge.undone_at.is_(None)
    return db.session.scalars(select(Merge).where(*mine).order_by(Merge.id)).all()


def forget_reasons(ids: Sequence[int]) -> None:
    """In words of a colleague, which may name them."""
    about = or_(Merge.customer_id.in_(ids), Merge.into_id.in_(ids))
    db.session.execute(update(Merge).where(about).values(reason=GONE))
    undone = update(Merge).where(about, Merge.undone_at.is_not(None)).values(undone_reason=GONE)
    db.session.execute(undone)


def _said(reason: str) -> str:
    said = one_line(reason, REASON)
    if not said:
        raise DomainError(_("Say why: whoever looks at it later must be able to judge."))
    return said


def _locked(*customers: Customer) -> list[Customer]:
    """In the order of their numbers, whoever asks: two colleagues never wait for each other."""
    for one in sorted({c.id for c in customers}):
        db.session.get_one(Customer, one, populate_existing=True, with_for_update=True)
    return list(customers)


def _whole(customer: Customer) -> Customer:
    return db.session.get_one(Customer, customer.merged_into_id or customer.id)


def _lead(ids: Sequence[int], to: int | None) -> None:
    for id in ids:
        db.session.get_one(Customer, id).merged_into_id = to
    db.session.flush()
