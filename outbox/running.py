"""One run of a sender: who it is, how long it may last, and what it has not yet written down."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from sqlalchemy import select

from core.database.connections import OwnConnection
from core.db import db, writing
from core.models import Organisation
from core.settings import Settings
from outbox import breaking, claiming, pausing, settling
from outbox.channels import Transport
from outbox.claiming import stopping
from outbox.envelopes import build
from outbox.letters import Envelope, Letter, Outcome
from outbox.narrowing import refusal
from outbox.replies import is_against_us, is_pause
from outbox.settling import Settlement
from outbox.signing import signed

RENEW_SECONDS = 10.0
WAITS = 0.7
"""From this share of its time on, a line that waits for the mail server lets others wait beside it."""


@dataclass
class Run:
    """One run of a sender over one connection; `another` is called when a second one would get more done."""

    now: datetime
    transport: Transport
    settings: Settings
    own: OwnConnection
    end: float
    another: Callable[[], object] = lambda: None
    owner: str = field(default_factory=claiming.new_owner)
    demo_ids: Collection[int] | None = None
    renewed: float = 0.0
    done: list[Settlement] = field(default_factory=list)
    paused: set[str] = field(default_factory=set)
    """Domains that asked for a pause during this run."""
    resting: Collection[str] = ()
    """Domains that asked for one before: the first mail they take ends it."""
    under_way: int = 0
    ahead: dict[int, Envelope] = field(default_factory=dict)
    """What was built while a server thought: nothing follows from it."""
    moved: int = 0
    begun: float = field(default_factory=monotonic)
    served: float = 0.0
    """Seconds since `begun` that went to the mail server."""
    more: bool = False
    """There is more to do than this batch, and nobody was called for it yet."""
    probing: bool = False
    alone: bool = False
    """The rest of the batch was given back, since a server lets us wait."""
    shut: bool = False

    def over(self) -> bool:
        """Asked to end, out of time, or without a server to talk to."""
        return self.shut or stopping.is_set() or monotonic() > self.end

    def claim(self, most: int) -> list[Letter]:
        """Write down what is left, and take the next batch. Inside `writing()`."""
        self.settle()
        claiming.release(self.owner)
        self.done.clear()
        self.ahead.clear()
        held = breaking.open_breaker(self.transport.server) if self.transport.leaves else None
        self.probing = held is not None
        if held and not breaking.take_probe(held, self.now):
            return []
        if self.demo_ids is None:
            self.demo_ids = db.session.scalars(select(Organisation.id).where(Organisation.demo)).all()
        self.resting, self.alone, self.renewed = pausing.paused(), False, monotonic()
        letters = claiming.claim(self.owner, self.now, self.transport.channel, 1 if held else most)
        self.more = len(letters) == claiming.BATCH
        return letters

    @contextmanager
    def with_the_server(self) -> Iterator[None]:
        """The clock of the mail server's time."""
        since = monotonic()
        try:
            yield
        finally:
            self.served += monotonic() - since

    def call_another(self) -> None:
        """On SQLite one writes at a time: a second line there only helps while the first waits for the mail server."""
        waits = self.served > WAITS * (monotonic() - self.begun)
        if self.more and (waits or not self.settings.sqlite):
            self.more = False
            self.another()

    def beat(self) -> None:
        """A server lets us wait: nobody else waits with us, and our lease holds."""
        if not self.alone:
            with writing():
                claiming.release(self.owner, kept=self.under_way)
            self.alone = True
            self.another()
        if monotonic() - self.renewed > RENEW_SECONDS:
            with writing():
                self.renew()

    def renew(self) -> None:
        """Inside `writing()`."""
        claiming.renew(self.owner)
        self.renewed = monotonic()

    def envelope(self, letter: Letter) -> Envelope:
        """Its bytes, which may have been built ahead."""
        built = self.ahead.pop(letter.id, None)
        return built or signed(build(letter, self.settings), self.settings)

    def build_ahead(self, letters: Sequence[Letter]) -> None:
        """While a server thinks. One that cannot be built says so when it is its turn."""
        for letter in letters:
            with suppress(Exception):
                self.ahead[letter.id] = self.envelope(letter)

    def following(self, rest: Sequence[Letter]) -> Envelope | None:
        """The next one, which may be named already; None where it was not built, or has to wait, or may not leave."""
        letter = next(iter(rest), None)
        if letter is None or letter.domain in self.paused or self.refused(letter):
            return None
        return self.ahead.get(letter.id)

    def refused(self, letter: Letter) -> Outcome | None:
        """It may not leave this machine."""
        return refusal(letter, self.demo_ids or (), self.settings) if self.transport.leaves else None

    def note(self, letter: Letter, outcome: Outcome) -> Outcome:
        """Remember what became of a letter until the next commit."""
        self.done.append(Settlement(letter, outcome))
        self.moved += 1
        if is_pause(outcome):
            self.paused.add(letter.domain)
        return outcome

    def is_plain(self) -> bool:
        """What is remembered is one message that was taken, and nothing follows from it."""
        if len(self.done) != 1 or self.probing or monotonic() - self.renewed > RENEW_SECONDS:
            return False
        letter, outcome = self.done[0].letter, self.done[0].outcome
        return outcome.state == "sent" and not letter.secret and letter.domain not in self.resting

    def settle(self) -> None:
        """Write down what is remembered, and hold on to the rest. Inside `writing()`."""
        if monotonic() - self.renewed > RENEW_SECONDS:
            self.renew()
        settling.settle(self.owner, self.transport.server, self.done, self.now)
        for settlement in self.done:
            self._learn(settlement)

    def _learn(self, settlement: Settlement) -> None:
        """What an outcome means for what comes after: for a domain that rested, and for the breaker."""
        letter, outcome, server = settlement.letter, settlement.outcome, self.transport.server
        if outcome.state == "sent" and letter.domain in self.resting:
            pausing.resume(letter.domain)
        against = is_against_us(outcome)
        if against and breaking.judge(server, outcome.reply, self.now):
            self.shut = True  # the rest of the batch would fare no better
        if self.probing and against is False:
            breaking.close(server, self.now)
