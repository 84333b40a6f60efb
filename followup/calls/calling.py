"""Calls to make: whom, what to say, whose turn it is and when; and what came of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Staff
from accounts.presence import first_present
from core.db import Rows, db
from followup.own_page.hearing import choose
from outbox.channels import phone
from outbox.models import Attempt, Message, is_waiting
from outbox.numbers import There, there
from promises.models import Promise, Update
from promises.standing import carries
from surveys.models_responses import Response

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Call:
    """`words`: what to say, frozen. `due_at`: by when they were promised a word. `over`: it is not to be made any more."""

    id: int
    response_id: int
    name: str
    number: str
    language: str
    words: str
    whose: str
    """Whose turn it is: whoever follows the promise, while they are at their desk."""
    mine: bool
    due_at: datetime
    try_at: datetime
    tries: tuple[Attempt, ...]
    seen: int
    there: There


def calls(organisation_id: int, staff_id: int | None, timezone: str, now: datetime) -> list[Call]:
    """Those to make, one's own first, then what was promised first."""
    found = db.session.execute(
        _waiting(organisation_id).order_by(Promise.due_at, Message.id).limit(SHOWN)
    ).unique()
    lines: dict[int, Call] = {}
    for message, promise in found:
        lines.setdefault(message.id, _call(message, promise, staff_id, timezone, now))
    return sorted(lines.values(), key=lambda call: (not call.mine, call.try_at > now, call.due_at, call.id))


def how_many(organisation_id: int) -> int:
    mine = Message.organisation_id == organisation_id, Message.channel == "phone", Message.state == "queued"
    return db.session.scalar(select(func.count(Message.id)).where(*mine, is_waiting)) or 0


def _waiting(organisation_id: int) -> Rows:
    mine = Message.organisation_id == organisation_id, Message.channel == "phone", Message.state == "queued"
    return (
        select(Message, Promise)
        .join(Update, carries(Update))
        .join(Promise, Promise.id == Update.promise_id)
        .where(*mine, is_waiting, Update.kind == "ending")
        .options(
            joinedload(Promise.who), joinedload(Promise.response).joinedload(Response.survey),
            joinedload(Promise.response).joinedload(Response.customer), selectinload(Message.attempts), joinedload(Message.body),
        )
    )  # fmt: skip


def _call(message: Message, promise: Promise, staff_id: int | None, timezone: str, now: datetime) -> Call:
    who = whose_turn(promise, now)
    customer = promise.response.customer
    return Call(
        id=message.id, response_id=promise.response_id, name=customer.name if customer else "", number=message.recipient,
        language=message.language, words=message.text, whose=who.name, mine=who.id == staff_id, due_at=promise.due_at,
        try_at=message.next_attempt_at, tries=tuple(message.attempts), seen=message.tries,
        there=there(message.recipient, timezone, now),
    )  # fmt: skip


def whose_turn(promise: Promise, now: datetime) -> Staff:
    """Whoever promised it; the signer or the deputy while they are away or gone."""
    survey = promise.response.survey
    in_turn = (promise.who_id, survey.signer_id, survey.deputy_id)
    here = first_present(survey.organisation_id, in_turn, now) or survey.signer_id
    return promise.who if promise.who_id == here else db.session.get_one(Staff, here)


def record(
    call: Message, outcome: str, note: str, now: datetime, *, seen: int, again_at: datetime | None = None
) -> str:
    """What came of a try. Who does not want to be called is not told about any of it, as they asked."""
    state = phone.record(call, outcome, note, now, seen=seen, again_at=again_at)
    if outcome == "unwanted":
        for response in heard_by(call):
            choose(response, "none", "", now)
    return state


def heard_by(message: Message) -> Sequence[Response]:
    """The answers that this message is about."""
    promised = select(Promise.response_id).join(Update).where(Update.message_id == message.id)
    return db.session.scalars(select(Response).where(Response.id.in_(promised)).order_by(Response.id)).all()
