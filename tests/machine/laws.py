"""What holds after every step: nobody is left out, nobody hears the same twice, nobody hears who asked not to."""

from collections import Counter
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from core.db import db
from followup.digests.retelling_digests import waiting_for_it
from outbox.models import MailHold, Message, Suppression
from outbox.queries import counts
from promises import standing
from promises.ledger import Scope, ledger
from promises.models import Promise, Update
from promises.standing import Facts, Standing
from promises.wording import what
from surveys.models_responses import Response
from tests.machine.house import House
from tests.sink import Mail
from triage import indexing

ACCEPTED: dict[str, Any] = {
    "sent": 1,
    "failed": 0,
    "suppressed": 0,
    "queued": 0,
    "claimed": 0,
    "cancelled": 0,
}
"""state of a message → how often the server took it, unless a person decided otherwise; the others may be either"""
BY_SQL = standing.standing_sql()


def everybody_is_accounted_for(house: House) -> None:
    """Law 1: responses = told + promised + unreachable, by both rules, and as many as answered."""
    found = ledger(Scope(house.organisation_id))
    assert found.adds_up, found
    assert found.responses == house.known.answered
    by_sql = {r.response_id: Standing(r.state, r.why) for r in db.session.execute(BY_SQL)}
    for response in db.session.scalars(select(Response)):
        assert by_sql[response.id] == standing.standing(facts(response)), facts(response)


def facts(response: Response) -> Facts:
    """Read row by row, as a person would."""
    own = select(Promise).where(Promise.response_id == response.id).order_by(Promise.id)
    promise = next((p for p in reversed(db.session.scalars(own).all()) if p.ended_as != "cancelled"), None)
    ending = next((u for u in promise.updates if u.kind == "ending"), None) if promise else None
    message = ending.message if ending else None
    return Facts(
        response.erased_at is not None,
        response.history,
        response.declined_at is not None,
        (promise.ended_as or "open") if promise else None,
        ending.channel if ending else None,
        ending.how if ending else None,
        message.state if message else None,
        bool(message and _unsubscribed(message)),
        bool(promise and not promise.ended_as and promise.kind == "outcome" and _announced(promise)),
    )


def _announced(promise: Promise) -> bool:
    receipts = [u for u in promise.updates if u.kind == "receipt"]
    return any(u.channel == "page" or (u.message and u.message.state == "sent") for u in receipts)


def _unsubscribed(message: Message) -> bool:
    blocks = select(Suppression.address_hash).where(Suppression.reason == "unsubscribed")
    return message.recipient_key in set(db.session.scalars(blocks))


def every_promise_says_what_who_and_when(house: House) -> None:
    for promise in db.session.scalars(select(Promise).where(Promise.is_open)):
        assert what(promise.kind, promise.because)
        assert promise.who.name
        assert promise.due_at


def every_message_is_somewhere(house: House) -> None:
    """Conservation: the states add up, and no message is ever gone."""
    assert counts(house.organisation_id).adds_up
    keys = set(db.session.scalars(select(Message.key)))
    assert house.known.keys <= keys
    house.known.keys = keys


def nobody_hears_the_same_twice(house: House) -> None:
    """Each Message-ID once, and each (promise, kind) in one accepted message, unless a person said: send it again."""
    accepted = _accepted(house)
    for key, n in accepted.items():
        assert key in house.known.keys, f"{key} is nobody's"
        assert n <= 1 + house.known.again[key], f"{key} was accepted {n} times"
    for update in db.session.scalars(select(Update).where(Update.message_key.is_not(None))):
        keys = house.known.carried[update.promise_id, update.kind]
        keys.add(str(update.message_key))
        assert sum(accepted[key] > 0 for key in keys) <= 1, f"{update.kind} of promise {update.promise_id}"


def states_say_what_happened(house: House) -> None:
    accepted, unknown = _accepted(house), 0
    for key, state in db.session.execute(select(Message.key, Message.state)):
        unknown += state == "unknown"
        if state in ACCEPTED and not house.known.again[key] and key not in house.known.vouched:
            assert accepted[key] == ACCEPTED[state], f"{key} is {state}, accepted {accepted[key]} times"
    assert unknown <= house.known.doubts


def every_comment_is_found() -> None:
    assert indexing.astray() == []


def the_blocked_hear_nothing(house: House) -> None:
    rows = house.blocked_in_rows()
    for address in rows - house.known.blocked.keys():
        house.known.blocked[address] = len(house.sink.mails)
    for address in house.known.blocked.keys() - rows:
        del house.known.blocked[address]
    for address, before in house.known.blocked.items():
        later = [mail for mail in house.sink.mails[before:] if address in mail.recipients]
        assert not later, f"{address} was blocked and was written to"


def nothing_leaves_while_mail_is_held(house: House, mails_before: int) -> int:
    """Returns how many mails have arrived by now."""
    if db.session.scalar(select(MailHold).where(MailHold.released_at.is_(None))):
        assert len(house.sink.mails) <= mails_before
    return len(house.sink.mails)


def nobody_waits_past_the_date(house: House) -> None:
    """After every tick has run: no open promise has fallen due without a word."""
    late = select(Promise).where(Promise.is_open, Promise.due_at <= house.now)
    assert not [(p.id, p.because, p.due_at, house.now) for p in db.session.scalars(late)]


def readers_hear_what_holds(house: House) -> None:
    """After every tick has run: whoever read a digest has heard what was put right in it, and that its plans are done."""
    assert db.session.execute(waiting_for_it()).all() == [], house.now


def _accepted(house: House) -> Counter[str]:
    """message key → how often the server took it"""
    return Counter(_key(mail) for mail in house.sink.mails)


@lru_cache(10_000)
def _key(mail: Mail) -> str:
    return mail.message_id.strip("<>").partition("@")[0]
