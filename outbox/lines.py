"""Several connections at once: threads of this process, each with a connection, an owner and claims of its own.

One begins; whoever finds a full batch calls another, up to the most. A line that a slow server keeps waiting
stays busy after its turn is over, and the next turn goes on with the others.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic

from flask import Flask, current_app

from core.settings import settings
from outbox.channels import transport
from outbox.claiming import stopping
from outbox.delivering import deliver

TURN_SECONDS = 5.0
"""How long a line claims: a turn is shorter than what makes a tick overdue."""
WAIT_SECONDS = 8.0
MOST_MESSAGES = 5000


@dataclass
class Turn:
    """One call of `deliver_at_once`: what its lines did so far."""

    now: datetime
    running: int = 0
    moved: int = 0
    error: BaseException | None = None


@dataclass
class Lines:
    """The lines of this process; `busy` counts those of all turns."""

    app: Flask
    most: int
    busy: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def call(self, turn: Turn) -> None:
        """One more line for this turn, where there is room."""
        with self.changed:
            if self.busy >= self.most or turn.error:
                return
            self.busy, turn.running = self.busy + 1, turn.running + 1
        threading.Thread(target=self._work, args=[turn], name="mail line").start()

    def _work(self, turn: Turn) -> None:
        moved, failed = 0, None
        try:
            with self.app.app_context():
                way = transport(settings())
                moved = deliver(turn.now, way, MOST_MESSAGES, TURN_SECONDS, partial(self.call, turn))
        except BaseException as error:  # whatever it is: the line is free again, and who called hears of it
            failed = error
        with self.changed:
            self.busy, turn.running = self.busy - 1, turn.running - 1
            turn.moved, turn.error = turn.moved + moved, turn.error or failed
            self.changed.notify_all()

    def wait(self, turn: Turn) -> None:
        """Until its lines are done, or only those are left that a server keeps waiting."""
        end = monotonic() + WAIT_SECONDS
        with self.changed:
            while turn.running and (stopping.is_set() or monotonic() < end):
                self.changed.wait(0.5)


def deliver_at_once(now: datetime, most: int) -> int:
    """Send what is due through up to `most` connections; returns how many messages moved. The first error is raised."""
    lines: Lines = current_app.extensions.setdefault("mail_lines", Lines(_app(), most))
    turn = Turn(now)
    lines.call(turn)
    lines.wait(turn)
    if turn.error:
        raise turn.error
    return turn.moved


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - threads need the application itself
    return app
