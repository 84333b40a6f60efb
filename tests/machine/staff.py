"""What staff do: say what was done, take it back, move a date, decide, hold the mail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import select

from core import clock
from core.access import Role
from core.db import db
from followup.correcting import correct, tell_done
from followup.models import Told
from followup.rounds import approve
from outbox.deciding import decide_again, decide_delivered
from outbox.holding import hold, release
from outbox.models import Message
from promises.models import Promise
from promises.moving import When, move
from surveys.models import Response, Round
from tests.loop import settled
from tests.machine.house import House
from tests.machine.respondents import A_PICK
from triage.acting import Decision, decide
from triage.models import KINDS, Action, Tag
from triage.tagging import send_now, undo

WORDS = {"en": "We now use a stronger box.", "nl": "Wij gebruiken nu een stevigere doos."}
Step = TypeVar("Step", bound=Callable[..., Any])
A_HOLD = st.sampled_from((0, 15))


def where(name: str) -> Callable[[Step], Step]:
    """A step that is taken only where there is something of the kind."""
    return precondition(lambda self: name in self.house.there)


class Staff(RuleBasedStateMachine):
    house: House

    def _decided(self, kind: str, corrects: Action | None = None) -> Action:
        today = self.house.now.date()
        due_on = today + timedelta(days=7) if kind == "planned" else None
        said = Decision(kind, "Boxes", self.house.actor_id, WORDS, due_on, reason="It costs too much.")
        return decide(self.house.organisation_id, said, today, self.house.now, corrects)

    @precondition(lambda self: self.house.known.answered)
    @rule(pick=A_PICK, kind=st.sampled_from(KINDS), minutes=A_HOLD)
    def tag(self, pick: int, kind: str, minutes: int) -> None:
        with self.house.writing() as now:
            responses = db.session.scalars(select(Response).order_by(Response.id)).all()
            settled(responses[pick % len(responses)], self._decided(kind), now, timedelta(minutes=minutes))

    @precondition(lambda self: self.house.known.answered)
    @rule(minutes=A_HOLD)
    def tag_everybody(self, minutes: int) -> None:
        with self.house.writing() as now:
            action = self._decided("done")
            for response in db.session.scalars(select(Response).order_by(Response.id)):
                settled(response, action, now, timedelta(minutes=minutes))

    @where("held")
    @rule(pick=A_PICK)
    def undo(self, pick: int) -> None:
        """The newest first: what was told is not undone."""
        held = select(Tag).where(Tag.told_at.is_(None), Tag.withdrawn_at.is_(None)).order_by(Tag.id.desc())
        with self.house.writing() as now:
            tags = db.session.scalars(held).all()
            if tags:
                undo(tags[pick % len(tags)], now)

    @where("held")
    @rule()
    def send_now(self) -> None:
        with self.house.writing() as now:
            send_now(db.session.scalars(select(Tag)), now)

    @where("told")
    @rule(pick=A_PICK)
    def withdraw(self, pick: int) -> None:
        """What was told is not so: everybody who heard it hears that."""
        with self.house.writing() as now:
            wrong = self._told(pick)
            if wrong and not wrong.withdrawn_at:
                correct(wrong, self._decided("wont_do", wrong), now)

    @where("told")
    @rule(pick=A_PICK)
    def finish(self, pick: int) -> None:
        with self.house.writing() as now:
            plan = self._told(pick)
            if plan and plan.kind == "planned" and not plan.withdrawn_at:
                tell_done(plan, now.date(), now)

    def _told(self, pick: int) -> Action | None:
        told = select(Action).where(Action.id.in_(select(Told.action_id))).order_by(Action.id.desc())
        actions = db.session.scalars(told).all()
        return actions[pick % len(actions)] if actions else None

    @where("open")
    @rule(pick=A_PICK, days=st.integers(1, 20), role=st.sampled_from((Role.agent, Role.manager)))
    def move(self, pick: int, days: int, role: Role) -> None:
        owed = select(Promise).where(Promise.is_open).order_by(Promise.id)
        with self.house.writing() as now:
            promises = db.session.scalars(owed).all()
            promise = promises[pick % len(promises)] if promises else None
            day = clock.local_date(promise.due_at, "Europe/Amsterdam") + timedelta(days) if promise else None
            if promise and day and now <= promise.due_at and (role == Role.manager or not promise.moves):
                move(promise, When.by(day, "Europe/Amsterdam"), "The supplier is late.", role, now)

    @where("digest")
    @rule()
    def approve_digest(self) -> None:
        unread = select(Round).where(Round.approved_at.is_(None)).order_by(Round.id).limit(1)
        with self.house.writing() as now:
            for round in db.session.scalars(unread):
                approve(round, WORDS, self.house.actor_id, now)

    @where("doubt")
    @rule(pick=A_PICK, again=st.booleans())
    def decide(self, pick: int, again: bool) -> None:
        doubtful = select(Message).where(Message.state == "unknown").order_by(Message.id)
        with self.house.writing() as now:
            messages = db.session.scalars(doubtful).all()
            if messages:
                message = messages[pick % len(messages)]
                (decide_again if again else decide_delivered)(message, now)
                self.house.known.again[message.key] += again
                self.house.known.vouched |= set() if again else {message.key}

    @precondition(lambda self: "hold" not in self.house.there)
    @rule()
    def hold_mail(self) -> None:
        with self.house.writing() as now:
            hold("by hand", now)

    @where("hold")
    @rule()
    def release_mail(self) -> None:
        with self.house.writing() as now:
            release("Alice Adams", now)
