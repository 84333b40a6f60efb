"""What respondents and their mail servers do."""

from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import select

from core.db import db
from customers.recognising import identity
from followup.judging import Judgement, judge
from followup.own_page.unsubscribing import unsubscribe
from outbox.incoming.receiving import receive
from outbox.models import Message
from outbox.suppressing import lift, suppress
from surveys.models_responses import Response
from tests.loop import answered
from tests.machine.house import ADDRESSES, House
from tests.outbox.test_receiving import sample

ANYBODY = st.sampled_from(ADDRESSES)
A_PICK = st.integers(0, 5)
"""Which of the rows there are."""
THEY_SAY = {
    "bounce-postfix-unknown-user": False,
    "bounce-postfix-mailbox-full-soft": False,
    "complaint-arf": False,
    "reply-alternative": True,
}
"""a message that comes in → whether it proves that ours arrived"""
_nonces = count(1)


class Respondents(RuleBasedStateMachine):
    house: House

    @rule(email=ANYBODY, words=st.booleans(), wants=st.sampled_from(("mail", "mail", "page", "none")))
    def answer(self, email: str, words: bool, wants: str) -> None:
        """Few addresses: most people answer more than once."""
        with self.house.writing() as now:
            answered(self.house.survey, now, "The box was torn." if words else "", email=email, wants=wants)
        self.house.known.answered += 1

    @precondition(lambda self: self.house.known.answered)
    @rule(pick=A_PICK, clear=st.sampled_from((None, True, False)), solved=st.booleans())
    def judge(self, pick: int, clear: bool | None, solved: bool) -> None:
        responses = select(Response).order_by(Response.id)
        with self.house.writing() as now:
            chosen = db.session.scalars(responses).all()[pick % self.house.known.answered]
            judge(chosen, Judgement(clear, solved, "Still torn.", f"n{next(_nonces)}"), now)

    @rule(email=ANYBODY, by_themselves=st.booleans())
    def block(self, email: str, by_themselves: bool) -> None:
        """They unsubscribe, or somebody blocks the address by hand."""
        with self.house.writing() as now:
            found = identity(self.house.organisation_id, email)
            if found and by_themselves:
                unsubscribe(found, now)
            else:
                suppress(self.house.organisation_id, email, "by_hand", now)

    @precondition(lambda self: self.house.known.blocked)
    @rule(pick=A_PICK)
    def lift(self, pick: int) -> None:
        blocked = sorted(self.house.known.blocked)
        with self.house.writing():
            lift(self.house.organisation_id, blocked[pick % len(blocked)])

    @precondition(lambda self: self.house.sink.mails)
    @rule(pick=A_PICK, name=st.sampled_from(sorted(THEY_SAY)))
    def comes_back(self, pick: int, name: str) -> None:
        """A bounce, a complaint or a reply about one that arrived."""
        arrived = self.house.sink.mails[pick % len(self.house.sink.mails)]
        key = arrived.message_id.strip("<>").partition("@")[0]
        with self.house.writing() as now:
            message = db.session.scalars(select(Message).where(Message.key == key)).one()
            receive(sample(name, message), now)
        self.house.known.vouched |= {key} if THEY_SAY[name] else set()
