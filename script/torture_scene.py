"""Many people who are owed a word, and its message waiting for each of them: where the kills begin."""

import sys
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from core import clock, rows
from core.db import db, writing
from followup.composing import tell
from followup.readiness import ready
from outbox.models import Message
from promises.models import Promise
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import make_cast
from tests.loop import answered, decided, opened_survey, settled
from tests.outbox.post import count
from triage.models import Action

AT_ONCE = 100
DOMAINS = 20
"""At most two senders are busy with one domain: one domain would never see four connections."""
LATER = timedelta(days=1)


def owe(messages: int) -> None:
    """Answers, what was done about them, and a message for each; not due before `release`."""
    if count(Response):
        return _refuse_half_of_it(messages)
    now = clock.now()
    with writing():
        people = make_cast(now)
        survey, action = opened_survey(people, now), decided(people, now)
    for start in range(0, messages, AT_ONCE):
        with writing():
            _answer(survey, action, range(start, min(start + AT_ONCE, messages)), now)
        db.session.expunge_all()
    _tell_all()
    with writing():
        db.session.execute(update(Message).values(next_attempt_at=now + LATER))
    return _refuse_half_of_it(messages)


def _answer(survey: Survey, action: Action, numbers: range, now: datetime) -> None:
    survey, action = db.session.merge(survey), db.session.merge(action)
    for n in numbers:
        settled(answered(survey, now, email=f"customer{n}@d{n % DOMAINS}.example.com"), action, now)


def _tell_all() -> None:
    """As the clock does, but many in a transaction: that is not what is tested here."""
    for due in rows.paged(ready(clock.now()), Promise.id):
        with writing():
            for one in due:
                tell([one.id], clock.now())
        db.session.expunge_all()


def _refuse_half_of_it(messages: int) -> None:
    """Somebody stopped it while it was made."""
    if (found := count(Message)) != messages:
        sys.exit(f"There are {found} messages where {messages} were asked for: begin in another folder.")


def release(some: int) -> None:
    """So many more are due now."""
    held = (
        select(Message.id)
        .where(Message.state == "queued", Message.next_attempt_at > clock.now() + LATER / 2)
        .order_by(Message.id)
        .limit(some)
    )
    with writing():
        db.session.execute(update(Message).where(Message.id.in_(held)).values(next_attempt_at=clock.now()))


def under_way() -> int:
    """How many messages a sender holds, living or dead."""
    db.session.rollback()
    return db.session.scalar(select(func.count(Message.id)).where(Message.owner.is_not(None))) or 0
