"""Writing down what becomes of a claimed message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from outbox import bodies
from outbox.alarming import alarm
from outbox.letters import Letter, Outcome
from outbox.pausing import delay, pause
from outbox.replies import is_against_us, is_pause
from outbox.statements import BLOCK, MARK, SETTLE, TRY, mine, try_settle_and_mark
from outbox.suppressing import BLOCKED, suppress_key

log = structlog.get_logger()

LAST_TRY = timedelta(minutes=1)
"""How long before its end a message is tried for the last time."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """A letter and what became of it, not yet written down."""

    letter: Letter
    outcome: Outcome


def mark(owner: str, letter: Letter, now: datetime) -> bool:
    """From `claimed` to `transmitting`: from now on nobody sends it again by itself.

    False when it is not ours any more (taken back, cancelled) or its address was blocked meanwhile.
    """
    if MARK.execute(mine("next", owner, letter)):
        return True
    if BLOCK.execute(mine("next", owner, letter)):
        TRY.execute(_attempt(letter, Outcome("suppressed", reply=BLOCKED, asked=False), "", now))
        _forget(letter)
    return False


def settle(owner: str, server: str, done: Sequence[Settlement], now: datetime) -> None:
    """Write down outcomes. A row that is not ours any more keeps its state; the attempt is kept as evidence."""
    for settlement in done:
        _settle(owner, server, settlement.letter, settlement.outcome, now)


def settle_and_mark(owner: str, server: str, last: Settlement, letter: Letter, now: datetime) -> bool:
    """`settle` a message that was taken, and `mark` the next, as lean as the database can."""
    values = _attempt(last.letter, last.outcome, server, now)
    values |= _end(owner, last.letter, last.outcome, "sent", now)
    settled, marked = try_settle_and_mark(values | mine("next", owner, letter))
    if not settled:
        _note_loss(last.letter, last.outcome)
    return bool(marked)


def _settle(owner: str, server: str, letter: Letter, outcome: Outcome, now: datetime) -> None:
    TRY.execute(_attempt(letter, outcome, server, now))
    state, due = _state(letter, outcome, now)
    if not SETTLE.execute(_end(owner, letter, outcome, state, now) | {"due": due}):
        return _note_loss(letter, outcome)
    return _follow(letter, outcome, state, now)


def _end(owner: str, letter: Letter, outcome: Outcome, state: str, now: datetime) -> dict[str, Any]:
    """What SETTLE writes; due as before."""
    reply = outcome.reply if state != "failed" or outcome.state == "failed" else f"Gave up. {outcome.reply}"
    end = {
        "to": state,
        "sent": now if state == "sent" else None,
        "reply": reply[:1000],
        "due": letter.next_attempt_at,
    }
    return end | mine("last", owner, letter)


def _note_loss(letter: Letter, outcome: Outcome) -> None:
    log.warning("a message was no longer ours", message=letter.id, outcome=outcome.state)


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
        bodies.forget(letter.id)


def _attempt(letter: Letter, outcome: Outcome, server: str, now: datetime) -> dict[str, Any]:
    """What TRY writes."""
    return {
        "try_message_id": letter.id,
        "try_message_key": letter.key,
        "try_at": now,
        "try_outcome": outcome.state,
        "try_server": server,
        "try_code": outcome.code,
        "try_reply": outcome.reply,
        "try_against_us": is_against_us(outcome),
    }
