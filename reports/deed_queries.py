"""From rows to figures: was it done by the first date that each person was told?"""

from collections import Counter
from typing import Any

from sqlalchemy import func, select

from accounts.models import Staff
from core import clock
from core.db import Rows, db
from reports.deeds import Deed, Miss
from reports.period import Period
from reports.word_and_deed_sql import deeds
from surveys.models_responses import Response
from triage.models import Action


def deed(period: Period) -> Deed:
    """Dates that fell in the period, and those still to come: early, kept, late but warned, broken, or open."""
    dated = _of(period).subquery()
    counts: Counter[str] = Counter(
        dict(db.session.execute(select(dated.c.deed, func.count()).group_by(dated.c.deed)).all())
    )
    late = select(dated.c.days).where(dated.c.deed.in_(("warned", "broken"))).order_by(dated.c.days)
    return Deed(
        early=counts["early"], kept=counts["kept"], warned=counts["warned"], broken=counts["broken"], open=counts["open"],
        days_late=tuple(db.session.scalars(late)), misses=_misses(dated, period),
    )  # fmt: skip


def _of(period: Period) -> Rows:
    today = clock.local_date(period.as_of, period.timezone)
    rows = deeds(today, period.as_of).subquery()
    return (
        select(rows)
        .join(Response, Response.id == rows.c.response_id)
        .where(Response.survey_id == period.survey.id, rows.c.due >= period.first, *period.scope.of_whom())
    )


def _misses(dated: Any, period: Period) -> tuple[Miss, ...]:
    """One line for each action and first date, the latest first."""
    today = clock.local_date(period.as_of, period.timezone)
    query = (
        select(
            Action.title, Staff.name, dated.c.due, Action.done_on, dated.c.days, dated.c.warned, func.count()
        )
        .join(Action, Action.id == dated.c.action_id)
        .join(Staff, Staff.id == Action.owner_id)
        .where(dated.c.deed.in_(("warned", "broken")))
        .group_by(
            Action.id, Action.title, Staff.name, dated.c.due, Action.done_on, dated.c.days, dated.c.warned
        )
        .order_by(dated.c.days.desc(), Action.title)
    )
    return tuple(
        Miss(title, who, due, done if done and done <= today else None, days, bool(warned), people)
        for title, who, due, done, days, warned, people in db.session.execute(query)
    )
