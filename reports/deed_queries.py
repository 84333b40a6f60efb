"""From rows to figures: was it done by the first date that each person was told?"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core import clock
from core.db import db
from followup.models import Told
from promises.models import Promise, Update
from reports.deeds import Deed, Miss
from reports.period import Period
from surveys.models import Response
from triage.models import Action


@dataclass(frozen=True, slots=True)
class Date:
    """The first date one person was told about one action, and whether a later word moved it before it passed."""

    action: Action
    due: date
    warned: bool


def deed(period: Period) -> Deed:
    """Dates that fell in the period, and those still to come: early, kept, late but warned, broken, or open."""
    today = clock.local_date(period.as_of, period.timezone)
    judged = [(d, _verdict(d, today)) for d in _dates(period)]
    counts = Counter(verdict for _, verdict in judged)
    late = [d for d, verdict in judged if verdict in {"warned", "broken"}]
    return Deed(
        early=counts["early"], kept=counts["kept"], warned=counts["warned"], broken=counts["broken"], open=counts["open"],
        days_late=tuple(sorted(_days(d, today) for d in late)), misses=_misses(late, today),
    )  # fmt: skip


def _dates(period: Period) -> list[Date]:
    told: dict[tuple[int, int], list[tuple[Told, date, datetime]]] = defaultdict(list)
    query = (
        select(Promise.response_id, Told, Update.composed_at)
        .join(Update, Update.id == Told.update_id)
        .join(Promise, Promise.id == Update.promise_id)
        .join(Response, Response.id == Promise.response_id)
        .where(
            Response.survey_id == period.survey.id,
            Response.is_test.is_(False),
            Update.composed_at <= period.as_of,
        )
        .order_by(Told.id)
    )
    for response_id, row, at in db.session.execute(query):
        if row.due_on:
            told[response_id, row.action_id].append((row, row.due_on, at))
    dates = [_first(response_id, rows, period) for (response_id, _), rows in told.items()]
    return [d for d in dates if period.first <= d.due <= period.last or d.due > period.last]


def _first(response_id: int, rows: list[tuple[Told, date, datetime]], period: Period) -> Date:
    told, due, _at = rows[0]
    later = any(new > due and _in_time(at, due, period) for _, new, at in rows[1:])
    return Date(told.action, due, later or _moved(response_id, due, period))


def _in_time(at: datetime, due: date, period: Period) -> bool:
    return clock.local_date(at, period.timezone) <= due


def _moved(response_id: int, due: date, period: Period) -> bool:
    """Whether they heard of a move before the date passed."""
    query = select(Update.composed_at).join(Promise, Promise.id == Update.promise_id)
    heard = db.session.scalars(query.where(Promise.response_id == response_id, Update.how == "moved"))
    return any(_in_time(at, due, period) for at in heard)


def _verdict(told: Date, today: date) -> str:
    done = told.action.done_on
    if done is None or done > today:
        return "open" if told.due >= today else "warned" if told.warned else "broken"
    if done <= told.due:
        return "early" if done < told.due else "kept"
    return "warned" if told.warned else "broken"


def _days(told: Date, today: date) -> int:
    done = told.action.done_on
    return ((done if done and done <= today else today) - told.due).days


def _misses(late: list[Date], today: date) -> tuple[Miss, ...]:
    """One line for each action and first date, the latest first."""
    people = Counter((d.action.id, d.due, d.warned) for d in late)
    once = {(d.action.id, d.due, d.warned): d for d in late}
    misses = [
        Miss(
            d.action.title,
            d.action.owner.name,
            d.due,
            d.action.done_on,
            _days(d, today),
            d.warned,
            people[key],
        )
        for key, d in once.items()
    ]
    return tuple(sorted(misses, key=lambda m: (-m.days, m.what)))
