"""Erasing a person: one list of what each room forgets, in the highest room, since reports quote people too.

1. Everything of theirs is numbered. 2. Their mark goes to the list outside the database. 3. Each room forgets.
4. What a mail server was being given is finished by a tick. 5. The same tick makes the files anew.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from accounts import erasing as programs
from core import audit, tombstones
from core.db import db
from core.errors import Conflict, DomainError
from core.models import Organisation
from core.rows import among
from core.settings import settings
from core.text import one_line, word_keys
from core.tombstones import Tombstone
from customers import erasing as customers
from customers.erasing import Person
from customers.models import Customer
from customers.models_erasure import Erasure
from followup import erasing as followup
from outbox import erasing as outbox
from outbox.models import Message
from promises import erasing as promises
from promises.models import Promise
from reports.erasure.revising import revise
from surveys import erasing as surveys
from triage import erasing as triage
from triage.models_notes import Note

REASON = 1000
LONGEST_WRITE = timedelta(seconds=30)
RESTORED = "erased before this copy was restored"


def person_of(customer: Customer) -> Person:
    """Everything of theirs, by number."""
    known = customers.known_as(customer)
    responses = surveys.answers_of(known.customer_ids)
    return replace(known, response_ids=responses, comment_ids=triage.comments_of(responses))


@dataclass(frozen=True, slots=True)
class Going:
    """How much of one person would go, and what would be made again."""

    answers: int
    comments: int
    messages: int
    waiting: int
    promises: int


def counted(person: Person) -> Going:
    ids = _messages_of(person)
    waiting = select(func.count(Message.id)).where(
        among(Message.id, ids), Message.state.in_(("queued", "claimed"))
    )
    owed = select(func.count(Promise.id)).where(
        among(Promise.response_id, person.response_ids), Promise.is_open
    )
    return Going(
        len(person.response_ids), len(person.comment_ids), len(ids), db.session.scalar(waiting) or 0, db.session.scalar(owed) or 0
    )  # fmt: skip


def erase(customer: Customer, reason: str, now: datetime) -> Erasure:
    """Inside `writing()`. From then on nobody reads who they were or what they wrote, and nothing is sent to them."""
    db.session.refresh(
        customer, with_for_update=True
    )  # two managers at once, or an answer that comes in right now
    if customer.erased_at:
        raise Conflict(_("This person was erased already."))
    person, key = person_of(customer), secrets.token_hex(16)
    said = _checked(reason, person)
    tombstones.bury(key, person.organisation_id, person.marks, now)
    return _erase(person, said, now, key)


def _checked(reason: str, person: Person) -> str:
    """It stays: so it must not say who it was."""
    said = one_line(reason, REASON)
    if not said:
        raise DomainError(_("Say why: the reason stays when the person is gone."))
    known = [*person.names, *(value for _kind, value, _key in person.addresses)]
    if any(_as_words(name) in _as_words(said) for name in known):
        raise DomainError(_("Leave their name and address out of the reason: it stays."))
    return said


def _as_words(text: str) -> str:
    """Whole words only: “An” does not stand in “wants”."""
    return f" {' '.join(word_keys(text))} "


def _erase(person: Person, reason: str, now: datetime, key: str) -> Erasure:
    ids, under_way = _forget_mails(person, now)
    _forget(person, now)
    row = Erasure(
        organisation_id=person.organisation_id, customer_id=next(iter(person.customer_ids), None), key=key, reason=reason, asked_by=audit.actor(), asked_at=now,
        answers=len(person.response_ids), messages=len(ids), under_way=under_way, looked_at=list(person.response_ids),
    )  # fmt: skip
    db.session.add(row)
    audit.record("customer.erased", row, now, answers=row.answers, messages=row.messages)
    return row


def _forget_mails(person: Person, now: datetime) -> tuple[set[int], list[int]]:
    """Those they got, and those to colleagues that name or quote them; which of theirs are being sent right now."""
    theirs, here, mine = _messages_of(person), person.organisation_id, person.response_ids
    about = outbox.told_staff(here, triage.passed_on(person.comment_ids) | followup.alerted(mine))
    under_way = outbox.forget_messages(theirs, "suppressed", now)
    return theirs, under_way + outbox.forget_messages(about, "cancelled", now)


def _messages_of(person: Person) -> set[int]:
    mine, mails = person.response_ids, outbox.sent_to(person.organisation_id, person.reached_at)
    return _sought(mine) | mails


def _forget(person: Person, now: datetime) -> None:
    revise(person.organisation_id, person.response_ids, now)
    programs.forget(person.organisation_id, _words(person))
    for _kind, value, _key in person.addresses:
        outbox.forget_address(value)
    followup.forget(person.response_ids, now)
    promises.forget(person.response_ids, now)
    surveys.forget(person, now)
    triage.forget(person.comment_ids, now)
    customers.forget(person, now)


def _words(person: Person) -> list[str]:
    """What programs may have been told back: names, addresses and notes. Answers never are."""
    notes = db.session.scalars(select(Note.text).where(among(Note.comment_id, person.comment_ids)))
    return [*person.names, *(value for _kind, value, _key in person.addresses), *notes]


def finish(erasure: Erasure, now: datetime) -> bool:
    """What was being composed or handed over at that moment is not any more: its words go too. False while it may be."""
    if now < erasure.asked_at + _grace():
        return False
    ids = _sought(erasure.looked_at) | set(erasure.under_way)
    if outbox.forget_messages(ids, "suppressed", now):
        return False
    promises.forget(erasure.looked_at, now)
    done = {"under_way": [], "looked_at": [], "finished_at": now}
    db.session.execute(update(Erasure).where(Erasure.id == erasure.id).values(done))
    return True


def _grace() -> timedelta:
    """SQLite has one writer at a time; on PostgreSQL another one may have begun before, with what it had read."""
    return timedelta() if settings().sqlite else LONGEST_WRITE


def _sought(responses: Sequence[int]) -> set[int]:
    return promises.messages_of(responses) | followup.messages_of(responses)


def are_missing() -> bool:
    """Whether the list outside the database knows of somebody that the database does not: it was restored."""
    keys = {stone.key for stone in tombstones.buried()}
    return bool(keys - set(db.session.scalars(select(Erasure.key)))) if keys else False


def erase_again(now: datetime) -> int:
    """Inside `writing()`, after a restore: whoever stands in the list outside the database is erased in it too."""
    known = set(db.session.scalars(select(Erasure.key)))
    return sum(_once_more(stone, now) for stone in tombstones.buried() if stone.key not in known)


def _once_more(stone: Tombstone, now: datetime) -> int:
    """In an older copy, what is one person now may be several."""
    if not db.session.get(Organisation, stone.organisation_id):
        return 0
    found = customers.matching(stone.organisation_id, stone.hashes, stone.moment)
    persons = [person_of(c) for c in found] or [Person(stone.organisation_id, (), (), ())]
    keys = [stone.key, *(secrets.token_hex(16) for _more in persons[1:])]
    for person, key in zip(persons, keys, strict=True):
        _erase(person, RESTORED, now, key)
    return len(found)
