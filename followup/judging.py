"""The respondent's verdict: is it clear, does it solve it? A no opens the loop again, at once.

The first no lands on a named person's desk, with its history. A second one, after we said once more what
we did, goes to a manager, who may call where that was allowed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from accounts.models import Staff
from core import audit
from core.db import db
from followup.closing import OUTCOMES
from followup.models import Verdict
from promises.models import Promise, Update
from promises.opening import follower, owe
from promises.succeeding import succeed
from surveys.models_responses import Response
from triage.commenting import on_the_desk, reopen
from triage.escalating import assign, escalate
from triage.feeling.threatening import heed
from triage.managers import manager_for
from triage.tagging import open_promise_of


@dataclass(frozen=True, slots=True)
class Judgement:
    """None: not asked or not said. `phone` is where they may be called."""

    clear: bool | None
    solved: bool | None
    words: str
    nonce: str
    emotion: str | None = None
    phone: str = ""


def judge(response: Response, judgement: Judgement, now: datetime) -> Verdict:
    """Record a verdict once; a no becomes a promise and lands on a person's desk, in the same transaction."""
    earlier = db.session.scalar(select(Verdict).where(Verdict.nonce == judgement.nonce))
    if earlier:
        return earlier
    again = judgement.solved is False and refused_before(response)
    verdict = _record(response, judgement, now)
    if judgement.clear is False or judgement.solved is False:
        because = "not_solved" if judgement.solved is False else "not_clear"
        _back_to_the_desk(response, because, now, again=again)
    for comment in on_the_desk(response) if judgement.words else ():
        heed(comment, judgement.words, now)
    return verdict


def refused_before(response: Response) -> bool:
    """They said before that it was not solved, and heard since what we did: another no is the second."""
    said = select(Verdict.id).where(
        Verdict.response_id == response.id, Verdict.solved.is_(False), Verdict.created_at < Update.composed_at
    )
    told = select(Update.id).join(Promise, Promise.id == Update.promise_id)
    told = told.where(Promise.response_id == response.id, Update.kind == "ending", Update.how.in_(OUTCOMES))
    return db.session.scalar(told.where(said.exists()).limit(1)) is not None


def _record(response: Response, judgement: Judgement, now: datetime) -> Verdict:
    verdict = Verdict(
        organisation_id=response.organisation_id, response=response, promise=_last_promise(response), nonce=judgement.nonce,
        clear=judgement.clear, solved=judgement.solved, words=judgement.words, emotion=judgement.emotion,
        phone=judgement.phone, created_at=now,
    )  # fmt: skip
    db.session.add(verdict)
    audit.record("verdict.received", verdict, now, clear=judgement.clear, solved=judgement.solved)
    return verdict


def _last_promise(response: Response) -> Promise | None:
    theirs = select(Promise).where(Promise.response_id == response.id, ~Promise.is_cancelled)
    query = theirs.order_by(Promise.id.desc())
    return db.session.scalar(query.limit(1))


def _back_to_the_desk(response: Response, because: str, now: datetime, *, again: bool) -> None:
    last = _last_promise(response)
    manager = manager_for(response, now, last.who if last else None) if again else None
    reopen(response, because, now)
    owed = _owed(response, because, now, manager)
    if manager:
        escalate(response, manager, now)
    else:
        assign(response, owed.who if owed else follower(response.survey, now), now)


def _owed(response: Response, because: str, now: datetime, who: Staff | None) -> Promise | None:
    """One promise is open; a manager who takes it over says so in one of their own. Nothing to who wants no word."""
    if response.erased_at or response.declined_at:
        return open_promise_of(response)
    owed = owe(response, because, now, who)
    return succeed(owed, "cancelled", now, who) if who and owed.who is not who else owed
