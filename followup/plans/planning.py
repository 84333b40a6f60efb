"""What was planned and told, in a message or in a digest, is owed: by its date they hear what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select, union

from accounts.models import Staff
from core import clock
from core.db import db
from followup.digests.actions import heard_its_digest
from followup.digests.models import DigestAction, HeardRight
from followup.models import Told
from promises.models import Promise, Update
from promises.opening import due, open_promise
from surveys.models_responses import Response
from triage.commenting import comments_of, on_the_desk
from triage.models import Action

_THEIRS = Response.id == bindparam("response_id")
_BY_TAG = (
    select(Told.action_id, Told.kind)
    .join(Update, Update.id == Told.update_id)
    .join(Promise, Promise.id == Update.promise_id)
    .where(Promise.response_id == bindparam("response_id"))
)
_BY_DIGEST = (
    select(DigestAction.action_id, DigestAction.kind)
    .join(Response, Response.round_id == DigestAction.round_id)
    .where(_THEIRS, heard_its_digest())
)
_SINCE = select(HeardRight.action_id, HeardRight.kind).where(
    HeardRight.response_id == bindparam("response_id")
)
_HEARD = union(_BY_TAG, _BY_DIGEST, _SINCE).subquery()
_TOLD = select(Action, _HEARD.c.kind).join(_HEARD, _HEARD.c.action_id == Action.id)

GOES_ON_FROM = ("no_news", "moved", "progress")
"""Causes of a promise that goes on where the one before it ended."""


def plans_of(response: Response, also: Iterable[Action] = ()) -> list[Action]:
    """Plans this respondent was told, and `also` those being told now, neither done nor withdrawn; by their dates.

    What they were told of a step that waits for a manager holds for them: that it is done, or what is right instead.
    """
    rows = db.session.execute(_TOLD, {"response_id": response.id}).all()
    found = {*also, *(action for action, _kind in rows)}
    over = {action.id for action, kind in rows if kind == "done"} | {
        a.corrects_id for a in found if a.corrects_id and not a.withdrawn_at
    }
    open_ones = (a for a in found if a.kind == "planned" and not a.withdrawn_at and a.id not in over)
    return sorted(open_ones, key=lambda a: (a.due_on or date.max, a.id or 0))


def waiting_plans(response: Response) -> list[Action]:
    """Plans for this respondent that wait for a third party, told or still to be told."""
    tagged = [t.action for c in comments_of(response) for t in c.tags if not t.withdrawn_at]
    return [a for a in plans_of(response, tagged) if a.waiting_for]


def missed_plans(response: Response, day: date) -> list[Action]:
    """What this respondent was told would be done by `day`, and is not."""
    return [a for a in plans_of(response) if a.day and a.day <= day]


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed while something is planned: an outcome by its day, or the next update."""

    kind: str
    due_at: datetime
    due_on: date | None
    who: Staff


def owed_for(response: Response, plans: Sequence[Action], now: datetime) -> Owed | None:
    """The outcome of the earliest plan whose date is still to come; None: nothing is planned.

    A plan without a date, or whose date has passed, is owed the next update.
    """
    if not plans:
        return None
    timezone = response.survey.organisation.timezone
    today = clock.local_date(now, timezone)
    dated = next(((a.day, a.owner) for a in plans if a.day and a.day >= today), None)
    if dated:
        return Owed("outcome", clock.end_of_day(dated[0], timezone), *dated)
    return Owed("update", *due(response.survey, now), plans[0].owner)


def promise_next(ended: Promise, plans: Sequence[Action], now: datetime) -> Promise | None:
    """Open what is owed next, after a word was told; the message that told it announces this."""
    owed = owed_for(ended.response, plans, now)
    if not owed:
        return None
    return open_promise(
        ended.response,
        "planned",
        owed.due_at,
        owed.due_on,
        now,
        kind=owed.kind,
        predecessor=ended,
        who=owed.who,
    )


def awaits_a_plan(promise: Promise) -> bool:
    """Nothing is owed by it but what comes of a plan, however often its date was moved or passed."""
    while promise.because in GOES_ON_FROM and promise.predecessor_id:
        promise = db.session.get_one(Promise, promise.predecessor_id)
    return promise.because == "planned"


def taken_by(response: Response) -> Staff | None:
    """Who took it: the owner of what is planned, else whose comment it is."""
    plans = plans_of(response)
    if plans:
        return plans[0].owner
    return next((c.assignee for c in on_the_desk(response) if c.assignee), None)
