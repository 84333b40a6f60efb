"""A person's day: their plans that fall due or are late, and whom they ask again."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, or_, select

from core.access import access
from core.calendar import next_working_day
from core.db import db
from core.models import Organisation
from core.rows import some
from triage.models import Action, is_dateless

MOST = 10


@dataclass(frozen=True, slots=True)
class Due:
    """One plan of theirs: `days` until its date (negative: late); `ask`: whom they ask again today."""

    id: int
    title: str
    due_on: date
    days: int
    dateless: bool
    ask: dict[str, str]


def plans(today: date) -> list[Due]:
    """Plans of whoever asks, due by the next working day or to be asked about today; the most overdue first."""
    if not access().staff_id:
        return []
    ours = {"organisation_id": access().organisation_id, "staff_id": access().staff_id}
    country = db.session.get_one(Organisation, ours["organisation_id"]).country
    soon = next_working_day(today + timedelta(days=1), country)
    return [_due(plan, today) for plan in some(_PLANS, **ours, soon=soon, today=today)]


_PLANS = (
    select(Action.id, Action.title, Action.due_on, Action.moves, Action.ask_again_on, Action.waiting_for)
    .where(Action.organisation_id == bindparam("organisation_id"), Action.owner_id == bindparam("staff_id"))
    .where(Action.kind == "planned", Action.withdrawn_at.is_(None))
    .where(or_(Action.due_on <= bindparam("soon"), Action.ask_again_on <= bindparam("today")))
    .order_by(Action.due_on, Action.id)
    .limit(MOST)
)


def _due(plan: Row[Any], today: date) -> Due:
    due_on = plan.due_on or today
    ask = plan.waiting_for if plan.ask_again_on and plan.ask_again_on <= today else {}
    return Due(plan.id, plan.title, due_on, (due_on - today).days, is_dateless(plan.moves), ask)
