"""Delivering: claim, hand over, settle. The network is never inside a transaction.

1. Claim a batch. 2. Sender and recipient are named to the server, until it waits for the bytes; whatever fails so far
is safe to try again, for without its final dot nothing is a letter. 3. One commit settles the last message and marks
this one as `transmitting`. 4. The bytes are handed over, and the next letter is named in the same breath.
5. The reply is settled with the next mark, or alone after the last one.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from time import monotonic

from core.db import one_connection, writing, writing_at_once
from core.settings import settings
from outbox import claiming, settling
from outbox.channels import Transport
from outbox.claiming import stopping
from outbox.letters import Letter, Outcome
from outbox.running import Run
from outbox.settling import Settlement

AHEAD = 2
"""Letters that are built while a server thinks: the one that is named already, and the one to name with it."""


def deliver(
    now: datetime,
    transport: Transport,
    most: int = 500,
    seconds: float = 20.0,
    another: Callable[[], object] = lambda: None,
) -> int:
    """Send what is due through one connection, within bounds; returns how many messages moved.

    `another` is called whenever a second connection would get more done.
    """
    with one_connection() as own:
        run = Run(now, transport, settings(), own, end=monotonic() + seconds, another=another)
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
        letters = run.claim(min(most, claiming.BATCH))
    run.call_another()
    return letters


def _hand_over(run: Run, letters: Sequence[Letter]) -> None:
    for position, letter in enumerate(letters, start=1):
        if run.over() or run.alone:
            break
        rest = letters[position:]
        outcome = _one(run, letter, rest)
        run.call_another()
        if outcome and outcome.everyone:
            waiting = replace(outcome, alarm=False, asked=False)
            run.done += [Settlement(later, waiting) for later in rest]
            run.shut = True
            break


def _one(run: Run, letter: Letter, rest: Sequence[Letter]) -> Outcome | None:
    """One message as far as it gets; None when it was no longer ours to send, or its turn is later."""
    if letter.domain in run.paused:
        return None
    run.under_way = letter.id
    try:
        envelope = run.envelope(letter)
    except (ValueError, KeyError, TypeError) as error:  # one spoilt row must not stop the others
        return run.note(
            letter, Outcome("failed", reply=f"It cannot be sent: {error}.", alarm=True, asked=False)
        )
    with run.with_the_server():
        outcome = run.refused(letter) or run.transport.offer(envelope, run.beat)
    if outcome:
        run.note(letter, outcome)
        _write_down(run)
        return outcome
    if stopping.is_set() or not _mark(run, letter):
        return None
    build_ahead = partial(run.build_ahead, rest[:AHEAD])
    with run.with_the_server():
        outcome = run.transport.transmit(envelope, run.following(rest), run.beat, build_ahead)
    return run.note(letter, outcome)


def _mark(run: Run, letter: Letter) -> bool:
    """One commit settles the last message and marks this one."""
    if run.is_plain() and _mark_at_once(run, letter):
        return True
    with writing():
        run.settle()
        marked = settling.mark(run.owner, letter, run.now)
    run.done.clear()
    return marked


def _mark_at_once(run: Run, letter: Letter) -> bool:
    """The lean way. False when it is not marked: why, is found out the long way."""
    with writing_at_once(run.own):
        marked = settling.settle_and_mark(run.owner, run.transport.server, run.done[0], letter, run.now)
    run.done.clear()
    return marked


def _write_down(run: Run) -> None:
    with writing():
        run.settle()
    run.done.clear()


def _leave(run: Run) -> None:
    """Give back what was claimed and not begun; what is `transmitting` stays, for nobody knows."""
    with writing():
        run.settle()
        claiming.release(run.owner)
