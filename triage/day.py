"""A person's day: their plans that fall due or are late, and whom they ask again."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_

from core.access import access, own
from core.calendar import next_working_day
from core.db import db
from core.models import Organisation
from triage.models import Action

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
    country = db.session.get_one(Organisation, access().organisation_id).country
    soon = next_working_day(today + timedelta(days=1), country)
    query = own(Action).where(
        Action.owner_id == access().staff_id, Action.kind == "planned", Action.withdrawn_at.is_(None),
        or_(Action.due_on <= soon, Action.ask_again_on <= today),
    )  # fmt: skip
    found = db.session.scalars(query.order_by(Action.due_on, Action.id).limit(MOST))
    return [_due(a, today) for a in found]


def _due(action: Action, today: date) -> Due:
    due_on = action.due_on or today
    ask = action.waiting_for if action.ask_again_on and action.ask_again_on <= today else {}
    return Due(action.id, action.title, due_on, (due_on - today).days, action.dateless, ask)
