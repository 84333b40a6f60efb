"""One run of a sender: who it is, how long it may last, and what it has not yet written down."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from core.db import writing
from core.settings import Settings
from outbox import claiming, settling
from outbox.addresses import domain
from outbox.channels import Transport
from outbox.claiming import stopping
from outbox.letters import Letter, Outcome
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

    def note(self, letter: Letter, outcome: Outcome) -> Outcome:
        """Remember what became of a letter until the next commit."""
        self.done.append(Settlement(letter, outcome))
        self.moved += 1
        if is_pause(outcome):
            self.paused.add(domain(letter.recipient))
        return outcome

    def settle(self) -> None:
        """Write down what is remembered, and hold on to the rest. Inside `writing()`."""
        if monotonic() - self.renewed > RENEW_SECONDS:
            self.renew()
        settling.settle(self.owner, self.transport.server, self.done, self.now)
