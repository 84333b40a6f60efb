"""Writing down what becomes of a claimed message. Each UPDATE repeats owner and fence, and counts its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from sqlalchemy import Table, bindparam, exists, insert, literal_column, update

from outbox.alarming import alarm
from outbox.claiming import message
from outbox.letters import Letter, Outcome
from outbox.models import Attempt, Suppression
from outbox.pausing import delay, pause
from outbox.prepared import Prepared
from outbox.replies import is_against_us, is_pause
from outbox.streams import stream_sql
from outbox.suppressing import BLOCKED, suppress_key

log = structlog.get_logger()

LAST_TRY = timedelta(minutes=1)
"""How long before its end a message is tried for the last time."""

attempt = cast(Table, Attempt.__table__)
_mine = (
    (message.c.id == bindparam("b_id"))
    & (message.c.owner == bindparam("b_owner"))
    & (message.c.fence == bindparam("b_fence"))
)
_blocked = exists().where(
    Suppression.organisation_id == message.c.organisation_id,
    Suppression.address_hash == message.c.recipient_key,
    (Suppression.stream == literal_column("''")) | (Suppression.stream == stream_sql()),
)
_is_claimed = message.c.state == literal_column("'claimed'")
_MARK = Prepared(update(message).where(_mine, _is_claimed, ~_blocked).values(state="transmitting"))
_BLOCK = Prepared(
    update(message)
    .where(_mine, _is_claimed, _blocked)
    .values(state="suppressed", owner=None, lease_until=None, server_reply=BLOCKED)
)
_SETTLE = Prepared(
    update(message)
    .where(_mine)
    .values(
        state=bindparam("to"),
        owner=None,
        lease_until=None,
        next_attempt_at=bindparam("next"),
        tries=message.c.tries + 1,
        sent_at=bindparam("sent"),
        server_reply=bindparam("reply"),
    )
)
_WIPE = Prepared(update(message).where(message.c.id == bindparam("b_id")).values(text="", html=""))
_ATTEMPT = Prepared(
    insert(attempt).values(
        {
            name: bindparam(name)
            for name in (
                "message_id",
                "message_key",
                "at",
                "outcome",
                "server",
                "code",
                "reply",
                "against_us",
            )
        }
    )
)


@dataclass(frozen=True, slots=True)
class Settlement:
    """A letter and what became of it, not yet written down."""

    letter: Letter
    outcome: Outcome


def mark(owner: str, letter: Letter, now: datetime) -> bool:
    """From `claimed` to `transmitting`: from now on nobody sends it again by itself.

    False when it is not ours any more (taken back, cancelled) or its address was blocked meanwhile.
    """
    if _execute(_MARK, owner, letter):
        return True
    if _execute(_BLOCK, owner, letter):
        _write_attempt(letter, Outcome("suppressed", reply=BLOCKED, asked=False), "", now)
        _forget(letter)
    return False


def settle(owner: str, server: str, done: Sequence[Settlement], now: datetime) -> None:
    """Write down outcomes. A row that is not ours any more keeps its state; the attempt is kept as evidence."""
    for settlement in done:
        _settle(owner, server, settlement.letter, settlement.outcome, now)


def _settle(owner: str, server: str, letter: Letter, outcome: Outcome, now: datetime) -> None:
    _write_attempt(letter, outcome, server, now)
    state, later = _state(letter, outcome, now)
    reply = outcome.reply if state != "failed" or outcome.state == "failed" else f"Gave up. {outcome.reply}"
    sent = now if state == "sent" else None
    values = {"to": state, "next": later, "sent": sent, "reply": reply[:1000]}
    if not _execute(_SETTLE, owner, letter, **values):
        log.warning("a message was no longer ours", message=letter.id, outcome=outcome.state)
        return
    _follow(letter, outcome, state, now)


def _state(letter: Letter, outcome: Outcome, now: datetime) -> tuple[str, datetime]:
    """The state to store, and when it is due again."""
    if outcome.state != "retry":
        return outcome.state, letter.next_attempt_at
    later = min(now + delay(letter.tries), letter.expires_at - LAST_TRY)
    return ("queued", later) if later > now else ("failed", letter.next_attempt_at)


def _follow(letter: Letter, outcome: Outcome, state: str, now: datetime) -> None:
    """What else an outcome brings about."""
    if outcome.suppress:
        suppress_key(letter.organisation_id, letter.recipient_key, "hard_bounce", now)
    if outcome.alarm:
        alarm("refused", "the mail server refuses us", now, message=letter.id, reply=outcome.reply)
    if state == "unknown":
        alarm("unknown", "delivery not certain", now, message=letter.id, reply=outcome.reply)
    if is_pause(outcome):
        pause(letter.domain, outcome.reply, now)
    if state in {"sent", "failed"} and not outcome.kept:
        _forget(letter)


def _forget(letter: Letter) -> None:
    """A body with a one-time link goes when nobody will send it any more."""
    if letter.secret:
        _WIPE.execute({"b_id": letter.id})


def _write_attempt(letter: Letter, outcome: Outcome, server: str, now: datetime) -> None:
    row = {"message_id": letter.id, "message_key": letter.key, "at": now, "outcome": outcome.state}
    asked = {"server": server, "code": outcome.code, "reply": outcome.reply}
    _ATTEMPT.execute(row | asked | {"against_us": is_against_us(outcome)})


def _execute(statement: Prepared, owner: str, letter: Letter, **values: Any) -> bool:
    mine = {"b_id": letter.id, "b_owner": owner, "b_fence": letter.fence}
    return bool(statement.execute(mine | values))
