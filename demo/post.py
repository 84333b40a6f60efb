"""The demo's post: its history never leaves the machine, and some of it gets lost on the way as mail does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy import func, select

from core.db import db
from demo.days import HOLD, TAGGING, at
from demo.notices import not_delivered
from demo.reading import Story
from demo.stage import Stage
from demo.timeline import SOON, Event, Tick
from demo.verdicts import heard_on
from outbox.channels import Beat
from outbox.delivering import deliver
from outbox.incoming.receiving import receive
from outbox.letters import Envelope, Outcome
from outbox.models import Message

KEPT = "kept in /mailbox: the demo's past is sent to nobody"


@dataclass(slots=True)
class Post:
    """A way out that keeps everything. `lost`: recipient → how the connection ended before the last reply."""

    lost: dict[str, str]
    channel: str = "mail"
    server: str = "demo"
    leaves: bool = False

    def offer(self, envelope: Envelope, beat: Beat) -> Outcome | None:  # noqa: ARG002
        return None

    def transmit(
        self,
        envelope: Envelope,
        following: Envelope | None,  # noqa: ARG002
        beat: Beat,  # noqa: ARG002
        meanwhile: Callable[[], object] = lambda: None,  # noqa: ARG002
    ) -> Outcome:
        evidence = self.lost.get(envelope.recipient)
        if evidence:
            return Outcome("unknown", reply=f"No answer after the message was handed over: {evidence}")
        return Outcome("sent", reply=KEPT, kept=True)

    def close(self) -> None:
        """Nothing was opened."""


def postman(stage: Stage) -> Tick:
    """Delivery as a tick; the last word to some people is lost on its way."""
    since = [
        (_last_word(stage, s), stage.remark(k).email, s.evidence)
        for s in _stories(stage, "unknown")
        for k in s.comments
    ]

    def post(now: datetime) -> int:
        lost = {email: evidence for day, email, evidence in since if now >= day}
        return deliver(now, Post(lost), most=_waiting())

    return post


def _waiting() -> int:
    """How many: nobody looks again whether more came in meanwhile."""
    return db.session.scalar(select(func.count(Message.id)).where(Message.state == "queued")) or 0


def bounces(stage: Stage) -> Iterator[Event]:
    """Nobody has that address: the receipt comes back. The mailbox is full: it is the last word that does."""
    for story in _stories(stage, "bounce"):
        (key,) = story.comments
        remark = stage.remark(key)
        first = at(stage.days.ago(remark.days_ago), remark.at) + SOON
        _told, last = heard_on(stage, remark)
        moment = first if " 5.1." in story.server_reply else at(last, TAGGING) + HOLD + SOON
        yield Event(
            moment + timedelta(minutes=1), "aside", partial(_bounce, remark.email, story.server_reply)
        )


def _bounce(recipient: str, reply: str, now: datetime) -> None:
    query = select(Message).where(Message.recipient == recipient).order_by(Message.id.desc()).limit(1)
    receive(not_delivered(db.session.scalars(query).one(), reply, now), now)


def _stories(stage: Stage, kind: str) -> list[Story]:
    return [s for s in stage.script.story if s.kind == kind]


def _last_word(stage: Stage, story: Story) -> datetime:
    """The morning on which they hear the outcome."""
    (key,) = story.comments
    first, last = heard_on(stage, stage.remark(key))
    return at(last, TAGGING if first == last else time(9))
