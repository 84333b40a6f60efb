"""Delivering: claim, hand over, settle. The network is never inside a transaction.

1. Claim a batch. 2. Sender and recipient are named to the server; whatever fails so far is safe to try again.
3. One commit settles the last message and marks this one as `transmitting`. 4. The bytes are handed over.
5. The reply is settled with the next mark, or alone after the last one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic

from sqlalchemy import select

from core.db import db, writing
from core.models import Organisation
from core.settings import Settings, settings
from outbox import claiming, settling
from outbox.addresses import domain
from outbox.channels import Transport
from outbox.claiming import stopping
from outbox.encoding import UnfitError
from outbox.envelopes import build
from outbox.letters import Envelope, Letter, Outcome
from outbox.narrowing import refusal
from outbox.replies import is_pause
from outbox.settling import Settlement

RENEW_SECONDS = 10.0


@dataclass
class Run:
    """One run of a sender: who it is, what it sends through, and what it has not yet written down."""

    now: datetime
    transport: Transport
    settings: Settings
    owner: str = field(default_factory=claiming.new_owner)
    demo_ids: Collection[int] = ()
    renewed: float = 0.0
    done: list[Settlement] = field(default_factory=list)
    end: float = 0.0
    paused: set[str] = field(default_factory=set)
    moved: int = 0
    shut: bool = False

    def over(self) -> bool:
        """Asked to end, out of time, or without a server to talk to."""
        return self.shut or stopping.is_set() or monotonic() > self.end

    def beat(self) -> None:
        """Renew our lease, now and then."""
        if monotonic() - self.renewed > RENEW_SECONDS:
            with writing():
                self.renew()

    def renew(self) -> None:
        """Inside `writing()`."""
        claiming.renew(self.owner)
        self.renewed = monotonic()


def deliver(now: datetime, transport: Transport, most: int = 500, seconds: float = 20.0) -> int:
    """Send what is due through `transport`, within bounds; returns how many messages moved."""
    run = Run(now, transport, settings(), end=monotonic() + seconds)
    try:
        while run.moved < most and (letters := _claim(run, most - run.moved)):
            _hand_over(run, letters)
    finally:
        transport.close()
        _leave(run)
    return run.moved


def _claim(run: Run, most: int) -> list[Letter]:
    if run.over():
        return []
    with writing():
        letters = claiming.claim(run.owner, run.now, run.transport.channel, min(most, claiming.BATCH))
        run.demo_ids = db.session.scalars(select(Organisation.id).where(Organisation.demo)).all()
    run.renewed = monotonic()
    return letters


def _hand_over(run: Run, letters: Sequence[Letter]) -> None:
    for position, letter in enumerate(letters):
        if run.over():
            break
        outcome = _one(run, letter)
        if outcome and outcome.everyone:
            run.done += [
                Settlement(waiting, replace(outcome, alarm=False)) for waiting in letters[position + 1 :]
            ]
            run.shut = True
            break
    _write_down(run)


def _one(run: Run, letter: Letter) -> Outcome | None:
    """One message as far as it gets; None when it was no longer ours to send, or its turn is later."""
    if domain(letter.recipient) in run.paused:
        return None
    try:
        envelope = build(letter, run.settings)
    except UnfitError as error:
        return _note(run, letter, Outcome("failed", reply=f"It cannot be sent: {error}.", alarm=True))
    outcome = _before(run, letter, envelope)
    if outcome:
        _note(run, letter, outcome)
        _write_down(run)
        return outcome
    if stopping.is_set() or not _mark(run, letter):
        return None
    return _note(run, letter, run.transport.transmit(envelope, run.beat))


def _before(run: Run, letter: Letter, envelope: Envelope) -> Outcome | None:
    refused = refusal(letter, run.demo_ids, run.settings) if run.transport.leaves else None
    return refused or run.transport.offer(envelope, run.beat)


def _note(run: Run, letter: Letter, outcome: Outcome) -> Outcome:
    run.done.append(Settlement(letter, outcome))
    run.moved += 1
    if is_pause(outcome):
        run.paused.add(domain(letter.recipient))
    return outcome


def _mark(run: Run, letter: Letter) -> bool:
    """One commit settles the last message and marks this one."""
    with writing():
        _settle(run)
        marked = settling.mark(run.owner, letter, run.now)
    run.done.clear()
    return marked


def _write_down(run: Run) -> None:
    if not run.done:
        return
    with writing():
        _settle(run)
    run.done.clear()


def _settle(run: Run) -> None:
    if monotonic() - run.renewed > RENEW_SECONDS:
        run.renew()
    settling.settle(run.owner, run.transport.server, run.done, run.now)


def _leave(run: Run) -> None:
    """Give back what was claimed and not begun; what is `transmitting` stays, for nobody knows."""
    with writing():
        _settle(run)
        claiming.release(run.owner)
