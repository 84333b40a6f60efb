"""What each outlet is to hear, and did not yet: the kinds that were chosen for it, of the last day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from core import clock
from core.db import db
from core.models import Organisation
from followup.alerts import alerting, alerting_finding
from followup.models import LargeStep
from followup.steps.large_steps import waiting
from outbox.models_outlets import Outlet, OutletNotice
from outbox.models_pace import Alarm

LOOK_BACK = timedelta(days=1)
OF_MAIL = ("breaker", "refused")
"""Alarms that say that mail does not go out, or goes again."""


@dataclass(frozen=True, slots=True)
class Unheard:
    outlet_id: int
    kind: str
    subject_ids: Sequence[int]


def unheard(now: datetime) -> list[Unheard]:
    standing = select(Outlet).where(Outlet.removed_at.is_(None)).order_by(Outlet.id)
    found = [_unheard(o, kind, now) for o in db.session.scalars(standing).all() for kind in o.kinds]
    return [one for one in found if one.subject_ids]


def _unheard(outlet: Outlet, kind: str, now: datetime) -> Unheard:
    if kind == "promise":
        return Unheard(outlet.id, kind, _today(outlet, now))
    query = FOUND[kind](outlet.organisation_id, max(now - LOOK_BACK, outlet.created_at))
    noted = select(OutletNotice.subject_id).where(
        OutletNotice.outlet_id == outlet.id, OutletNotice.kind == kind
    )
    return Unheard(
        outlet.id, kind, db.session.scalars(query.where(query.selected_columns[0].not_in(noted))).all()
    )


def _today(outlet: Outlet, now: datetime) -> list[int]:
    """The number of the day, when its hour has come and something is in danger: once a day, as the mail to managers."""
    here = db.session.get_one(Organisation, outlet.organisation_id)
    day = clock.local_date(now, here.timezone)
    noted = select(OutletNotice.id).where(
        OutletNotice.outlet_id == outlet.id,
        OutletNotice.kind == "promise",
        OutletNotice.subject_id == day.toordinal(),
    )
    if not alerting.is_its_hour(here, now) or db.session.scalar(noted):
        return []
    return [day.toordinal()] if alerting.danger(here, day, now).due else []


def _steps(organisation_id: int, since: datetime) -> Select[int]:
    here = LargeStep.organisation_id == organisation_id, LargeStep.asked_at >= since
    return select(LargeStep.id).where(*here, waiting())


def _mail(_organisation_id: int, since: datetime) -> Select[int]:
    """One mail server serves all organisations of an installation."""
    return select(Alarm.id).where(Alarm.kind.in_(OF_MAIL), Alarm.raised_at >= since)


FOUND: dict[str, Callable[[int, datetime], Select[Any]]] = {
    **alerting_finding.FOUND, "step": _steps, "mail": _mail,
}  # fmt: skip
"""kind → ids of what it is about"""
