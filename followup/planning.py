"""What was planned and told is owed: by its date they hear what came of it."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select

from accounts.models import Staff
from core import clock
from core.db import db
from followup.models import Told
from promises.models import Promise, Update
from promises.opening import due, open_promise
from surveys.models import Response
from triage.commenting import comments_of
from triage.models import Action


def plans_of(response: Response, also: Iterable[Action] = ()) -> list[Action]:
    """Plans this respondent was told, and `also` those being told now, neither done nor withdrawn; by their dates."""
    told = (
        select(Told.action_id)
        .join(Update, Update.id == Told.update_id)
        .join(Promise, Promise.id == Update.promise_id)
        .where(Promise.response_id == response.id)
    )
    found = {*db.session.scalars(select(Action).where(Action.id.in_(told))), *also}
    open_ones = (a for a in found if a.kind == "planned" and not a.withdrawn_at)
    return sorted(open_ones, key=lambda a: (a.due_on or date.max, a.id))


def waiting_plans(response: Response) -> list[Action]:
    """Plans for this respondent that wait for a third party, told or still to be told."""
    tagged = [t.action for c in comments_of(response) for t in c.tags if not t.withdrawn_at]
    return [a for a in plans_of(response, tagged) if a.waiting_for]


def promise_next(ended: Promise, plans: list[Action], now: datetime) -> Promise | None:
    """What is owed while something is planned: its outcome, by the first date told that is still to come.

    A plan without a date, or whose date has passed, is owed the next update. None: nothing is planned.
    """
    if not plans:
        return None
    response = ended.response
    timezone = response.survey.organisation.timezone
    today = clock.local_date(now, timezone)
    dated = next((a for a in plans if a.day and a.day >= today), None)
    if not dated or not dated.day:
        due_at, due_on = due(response.survey, now)
        return open_promise(response, "planned", due_at, due_on, now, predecessor=ended, who=plans[0].owner)
    return open_promise(
        response, "planned", clock.end_of_day(dated.day, timezone), dated.day, now,
        kind="outcome", predecessor=ended, who=dated.owner,
    )  # fmt: skip


def taken_by(response: Response) -> Staff | None:
    """Who took it: the owner of what is planned, else whose comment it is."""
    plans = plans_of(response)
    if plans:
        return plans[0].owner
    return next((c.assignee for c in comments_of(response) if c.assignee), None)
