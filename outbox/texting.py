"""Delivering text messages, by the protocol of the mails: claim, mark, hand over, settle.

A few at once, since each round starts a child process: what is marked as `transmitting` was committed before that
process begins, and whoever is killed leaves them openly unknown. Quiet hours are those of where the number rings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from sqlalchemy import bindparam, select, update

from core.db import connection, db, writing
from core.models import Organisation
from core.settings import settings
from outbox import claiming, gateways, settling
from outbox.channels import sms
from outbox.claiming import message, stopping
from outbox.letters import Letter, Outcome
from outbox.models_texts import TextGateway
from outbox.numbers import dialled, wakes_at
from outbox.outlets.errands import Errand, run
from outbox.outlets.errands import Outcome as Answer
from outbox.settling import Settlement

TOGETHER = 5
"""Texts of one round: so many are unknown at most when the machine stops."""
SECONDS = 10.0
"""For a round's gateways to answer; with the start of the process less than a lease."""
_PUT_OFF = (
    update(message)
    .where(message.c.id == bindparam("of"), message.c.owner == bindparam("by"), message.c.state == "claimed")
    .values(state="queued", owner=None, lease_until=None, next_attempt_at=bindparam("later"))
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text that is `transmitting`, and what the child process does about it."""

    letter: Letter
    gateway_id: int
    server: str
    service: str
    errand: Errand


@dataclass
class Round:
    """A few texts of one sender, each set aside, ended or marked. `settled`: how many ended here."""

    owner: str
    now: datetime
    letters: Sequence[Letter]
    marked: list[Marked] = field(default_factory=list)
    settled: int = 0

    def __post_init__(self) -> None:
        ids = {letter.organisation_id for letter in self.letters}
        self.places = gateways.gateways(ids)
        found = db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
        self.homes = {organisation.id: organisation for organisation in found}

    def take(self, letter: Letter) -> None:
        """As far as it gets without the network."""
        home = self.homes[letter.organisation_id]
        here = stays(home)
        gateway = None if here else self.places.get(home.id)
        if later := _later(letter, home, gateway, self.now):
            connection().execute(_PUT_OFF, {"of": letter.id, "by": self.owner, "later": later})
        elif outcome := _refusal(letter, gateway, here):
            self.end(letter, "", outcome)
        elif not self._waits_for_another(gateway) and settling.mark(self.owner, letter, self.now):
            self._hand_over(letter, gateway)

    def end(self, letter: Letter, server: str, outcome: Outcome) -> None:
        settling.settle(self.owner, server, [Settlement(letter, outcome)], self.now)
        self.settled += 1

    def _waits_for_another(self, gateway: TextGateway | None) -> bool:
        """A gateway that failed is tried with one text first."""
        return bool(gateway and gateway.tries and any(m.gateway_id == gateway.id for m in self.marked))

    def _hand_over(self, letter: Letter, gateway: TextGateway | None) -> None:
        if not gateway:
            return self.end(letter, "", sms.KEPT)
        errand = gateways.errand(gateway, dialled(letter.recipient), sms.words_of(letter))
        return self.marked.append(Marked(letter, gateway.id, gateway.shown, gateway.service, errand))


def deliver(now: datetime, most: int = 500, seconds: float = 20.0) -> int:
    """Send what is due, within bounds; returns how many messages moved."""
    owner, end, moved = claiming.new_owner(), monotonic() + seconds, 0
    while moved < most and not stopping.is_set() and monotonic() < end:
        one = _begin(owner, now)
        if not one.letters:
            break
        if one.marked:
            _finish(one, run([each.errand for each in one.marked], SECONDS))
        moved += one.settled
    return moved


def _begin(owner: str, now: datetime) -> Round:
    """One commit claims and marks. What is neither ended nor marked goes back to the queue."""
    with writing():
        one = Round(owner, now, claiming.claim(owner, now, "sms", TOGETHER))
        for letter in one.letters:
            one.take(letter)
        claiming.release(owner)
    return one


def _finish(one: Round, answers: Sequence[Answer]) -> None:
    about: dict[int, Answer] = {}
    with writing():
        for each, answer in zip(one.marked, answers, strict=True):
            one.end(each.letter, each.server, sms.meaning(answer, each.service))
            if not sms.is_about_it(answer) and (answer.problem or each.gateway_id not in about):
                about[each.gateway_id] = answer
        for gateway_id, answer in about.items():  # a round counts once, however many it refused
            if gateway := db.session.get(TextGateway, gateway_id):
                gateways.note(gateway, answer, one.now)


def stays(home: Organisation) -> bool:
    """It is read at /mailbox and nowhere else: a demo texts nobody, and before SMTP_URL is set nothing leaves the machine."""
    return home.demo or not settings().smtp_url


def _later(letter: Letter, home: Organisation, gateway: TextGateway | None, now: datetime) -> datetime | None:
    """When it may go, where that is not now: the phone's owner sleeps, or the gateway rests."""
    resting = gateway.next_try_at if gateway else None
    return wakes_at(letter.recipient, home.timezone, now) or (resting if resting and resting > now else None)


def _refusal(letter: Letter, gateway: TextGateway | None, here: bool) -> Outcome | None:
    """Why it cannot be handed over at all."""
    if not dialled(letter.recipient):
        return Outcome("failed", reply="No text message arrives at this number.", asked=False)
    if not letter.text:
        return Outcome("failed", reply="Its words are lost.", alarm=True, asked=False)
    if here:
        return None
    if settings().mail_allow:
        return Outcome("failed", reply="MAIL_ALLOW is set: no text leaves this machine.", asked=False)
    return None if gateway else Outcome("retry", reply="No gateway of text messages is set up.", asked=False)
