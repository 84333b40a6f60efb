"""What staff do: say what was done, take it back, move a date, look at large steps, decide, hold the mail.

What waits for a manager already is refused with a Conflict: nothing has happened then.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import select

from core import clock
from core.access import Role
from core.db import db
from core.errors import Conflict
from followup.digests.models import DigestAction
from followup.models import LargeStep, Told
from followup.plans.delaying import delay
from followup.steps.large_steps import approve, refuse, waiting
from followup.steps.stepping import take_correction, take_digest, take_done, take_tags
from outbox.deciding import decide_again, decide_delivered
from outbox.holding import hold, release
from outbox.models import Message
from promises.models import Promise
from promises.moving import When, move
from surveys.models import Round
from surveys.models_responses import Response
from tests.loop import settled
from tests.machine.house import House
from tests.machine.respondents import A_PICK
from triage.acting import Decision, decide
from triage.models import KINDS, Action, Comment, Tag
from triage.tagging import send_now, undo

WORDS = {"en": "We now use a stronger box.", "nl": "Wij gebruiken nu een stevigere doos."}
LATE = {"en": "The supplier is late.", "nl": "De leverancier is laat."}
ZONE = "Europe/Amsterdam"
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
        why = "It costs too much."
        said = Decision(kind, "Boxes", self.house.actor_id, WORDS, due_on, reason=why, check_back_days=1)
        return decide(self.house.organisation_id, said, today, self.house.now, corrects)

    @precondition(lambda self: self.house.known.answered)
    @rule(pick=A_PICK, kind=st.sampled_from(KINDS), minutes=A_HOLD)
    def tag(self, pick: int, kind: str, minutes: int) -> None:
        with self.house.writing() as now:
            responses = db.session.scalars(select(Response).order_by(Response.id)).all()
            settled(responses[pick % len(responses)], self._decided(kind), now, timedelta(minutes=minutes))

    def decide_for_everybody(self, kind: str) -> None:
        with self.house.writing() as now:
            action = self._decided(kind)
            for response in db.session.scalars(select(Response).order_by(Response.id)):
                settled(response, action, now)

    @precondition(lambda self: self.house.known.answered)
    @rule(minutes=A_HOLD)
    def tag_everybody(self, minutes: int) -> None:
        """By the way of the pages: where they are many, a manager looks at it first."""
        with self.house.writing() as now:
            action = self._decided("done")
            comments = db.session.scalars(select(Comment).order_by(Comment.id))
            take_tags(comments, action, self.house.actor_id, timedelta(minutes=minutes), now.date(), now)

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
            send_now(db.session.scalars(select(Tag).where(~Tag.awaits_manager)), now)

    @where("told")
    @rule(pick=A_PICK)
    def withdraw(self, pick: int) -> None:
        """What was told is not so: everybody who heard it hears that."""
        with suppress(Conflict), self.house.writing() as now:
            wrong = self._told(pick)
            if wrong and not wrong.withdrawn_at:
                take_correction(wrong, self._decided("wont_do", wrong), self.house.actor_id, now)

    @where("told")
    @rule(pick=A_PICK)
    def finish(self, pick: int) -> None:
        with suppress(Conflict), self.house.writing() as now:
            plan = self._told(pick)
            if plan and plan.kind == "planned" and not plan.withdrawn_at:
                take_done(plan, now.date(), self.house.actor_id, now)

    def _told(self, pick: int) -> Action | None:
        by_digest = select(DigestAction.action_id).join(Round, Round.id == DigestAction.round_id)
        heard = select(Told.action_id).union(by_digest.where(Round.approved_at.is_not(None)))
        told = select(Action).where(Action.id.in_(heard)).order_by(Action.id.desc())
        actions = db.session.scalars(told).all()
        return actions[pick % len(actions)] if actions else None

    @where("open")
    @rule(pick=A_PICK, days=st.integers(1, 20), role=st.sampled_from((Role.agent, Role.manager)))
    def move(self, pick: int, days: int, role: Role) -> None:
        """The date of an outcome is that of its plan, and moves with it."""
        owed = select(Promise).where(Promise.is_open, Promise.kind == "update").order_by(Promise.id)
        with self.house.writing() as now:
            promises = db.session.scalars(owed).all()
            promise = promises[pick % len(promises)] if promises else None
            day = clock.local_date(promise.due_at, ZONE) + timedelta(days) if promise else None
            if promise and day and now <= promise.due_at and (role == Role.manager or not promise.moves):
                move(promise, When.by(day, ZONE), LATE["en"], role, now)

    @where("told")
    @rule(pick=A_PICK, days=st.integers(1, 20), role=st.sampled_from((Role.agent, Role.manager)))
    def delay(self, pick: int, days: int, role: Role) -> None:
        """A plan will be late: everyone who was told it hears the new date; the second time there is none."""
        with self.house.writing() as now:
            plan = self._told(pick)
            if not plan or plan.kind != "planned" or not plan.due_on or plan.dateless or plan.withdrawn_at:
                return
            in_time = now <= When.by(plan.due_on, ZONE).at
            if in_time and (role == Role.manager or not plan.moves):
                delay(plan, plan.due_on + timedelta(days), LATE, role, now)

    @where("digest")
    @rule()
    def approve_digest(self) -> None:
        unread = select(Round).where(Round.approved_at.is_(None)).order_by(Round.id).limit(1)
        with suppress(Conflict), self.house.writing() as now:
            for round in db.session.scalars(unread):
                take_digest(round, WORDS, self.house.actor_id, now)

    @where("step")
    @rule(pick=A_PICK, yes=st.booleans())
    def look_at_step(self, pick: int, yes: bool) -> None:
        """A manager has looked at a step that reaches many, and says yes or no."""
        with self.house.writing() as now:
            steps = db.session.scalars(select(LargeStep).where(waiting()).order_by(LargeStep.id)).all()
            if steps:
                step = steps[pick % len(steps)]
                approve(step, now, self.house.actor_id) if yes else refuse(step, "Not like this.", now)

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
