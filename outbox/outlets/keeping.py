"""Outlets as rows: added, changed, removed, and what came of what was sent there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from outbox.models_outlets import Outlet, OutletNotice
from outbox.outlets.errands import Outcome

MOST = 10
"""Outlets of one organisation: each takes a turn of the clock."""
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""Before the next try; the last one from then on."""


def add(organisation_id: int, name: str, judged: Outcome, kinds: Sequence[str], now: datetime) -> Outlet:
    """With an address that was judged and sealed; DomainError when there are enough."""
    there = select(func.count(Outlet.id)).where(
        Outlet.organisation_id == organisation_id, Outlet.removed_at.is_(None)
    )
    if (db.session.scalar(there) or 0) >= MOST:
        raise DomainError(_("There are %(n)d already: remove one first.", n=MOST))
    outlet = Outlet(
        organisation_id=organisation_id, name=name, service=judged.service, shown=judged.shown, sealed=judged.sealed,
        kinds=list(kinds), created_at=now,
    )  # fmt: skip
    db.session.add(outlet)
    audit.record("outlet.added", outlet, now, service=outlet.service, kinds=outlet.kinds)
    return outlet


def change(
    outlet: Outlet, name: str, kinds: Sequence[str], now: datetime, judged: Outcome | None = None
) -> None:
    """Another name, other kinds; and another address, where one is given: what was wrong with the old one is over."""
    refuse_removed(outlet)
    outlet.name, outlet.kinds = name, list(kinds)
    if judged:
        outlet.service, outlet.shown, outlet.sealed = judged.service, judged.shown, judged.sealed
        _well(outlet)
    audit.record("outlet.changed", outlet, now, kinds=outlet.kinds, address=bool(judged))


def remove(outlet: Outlet, now: datetime) -> None:
    """Its address is wiped; nothing goes there from now on."""
    refuse_removed(outlet)
    outlet.removed_at, outlet.sealed = now, ""
    unsent = OutletNotice.outlet_id == outlet.id, OutletNotice.sent_at.is_(None)
    db.session.execute(delete(OutletNotice).where(*unsent))
    audit.record("outlet.removed", outlet, now)


def refuse_removed(outlet: Outlet) -> None:
    if outlet.removed_at:
        raise Conflict(_("This was removed meanwhile."))


def note(outlet: Outlet, outcome: Outcome, now: datetime) -> None:
    """What came of a try: shown until the next one. That mail is on hold, or that it was removed, is no fault of the place."""
    if outlet.removed_at or outcome.problem == "held":
        return
    if not outcome.problem:
        outlet.sent_at = now
        _well(outlet)
        return
    outlet.failed_at, outlet.problem, outlet.reply = now, outcome.problem, outcome.reply[:300]
    outlet.next_try_at = now + WAITS[min(outlet.tries, len(WAITS) - 1)]
    outlet.tries += 1


def _well(outlet: Outlet) -> None:
    outlet.failed_at = outlet.problem = outlet.next_try_at = None
    outlet.reply, outlet.tries = "", 0


def failure(outlet: Outlet) -> Outcome | None:
    """Why it took nothing the last time."""
    return Outcome(outlet.problem, outlet.reply) if outlet.problem else None
