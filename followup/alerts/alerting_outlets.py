"""Alerts in chat: each outlet hears of the kinds that were chosen for it, one message of a kind in a quarter of an hour.

What it is to hear is a row that is found, claimed and sent by the clock. The network is called between two
transactions, by a child process; what a gateway does not take is tried again, later each time, for a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import func, or_, select, update

from core import rows
from core.db import Rows, db, writing
from followup.alerts.outlets_finding import LOOK_BACK, Unheard, unheard
from followup.alerts.outlets_words import Words, words_of
from outbox.holding import held
from outbox.models_outlets import Outlet, OutletNotice
from outbox.outlets import keeping
from outbox.outlets.errands import Errand, Outcome, run
from outbox.outlets.trying import errand

QUIET = timedelta(minutes=15)
LEASE = timedelta(minutes=2)
"""A clock that ends meanwhile leaves them to another one; an errand ends within half a minute."""
MOST = 20
"""Outlets in one turn: all are called at the same time."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What goes to one outlet now, and the rows that say so."""

    outlet_id: int
    errand: Errand
    notice_ids: Sequence[int]


def alert_outlets(now: datetime) -> int:
    """Write down what each is to hear, and send it; returns how many took it."""
    note_down(unheard(now), now)
    if held() or not _free(now):
        return 0
    with writing():
        claimed = list(islice((c for o in _free(now, lock=True) if (c := _claim(o, now))), MOST))
    outcomes = run([c.errand for c in claimed]) if claimed else []
    for one, outcome in zip(claimed, outcomes, strict=True):
        with writing():
            _settle(one, outcome, now)
    return sum(not outcome.problem for outcome in outcomes)


def note_down(found: Sequence[Unheard], now: datetime) -> None:
    """Another clock may do the same at this moment: each row is there once."""
    if not found:
        return
    with writing():
        for one in found:
            for subject_id in one.subject_ids:
                named = {"outlet_id": one.outlet_id, "kind": one.kind, "subject_id": subject_id}
                rows.put_once(OutletNotice, **named, found_at=now)


def _free(now: datetime, *, lock: bool = False) -> Sequence[Outlet]:
    """Outlets with something to hear, that no clock is calling and that may be tried."""
    query = select(Outlet).where(
        Outlet.removed_at.is_(None),
        or_(Outlet.claimed_until.is_(None), Outlet.claimed_until <= now),
        or_(Outlet.next_try_at.is_(None), Outlet.next_try_at <= now),
        Outlet.id.in_(select(OutletNotice.outlet_id).where(OutletNotice.sent_at.is_(None))),
    )
    query = query.order_by(Outlet.id)
    query = query.with_for_update(of=Outlet, skip_locked=True) if lock else query
    return db.session.scalars(query).all()


def _claim(outlet: Outlet, now: datetime) -> Claimed | None:
    """None when all that it is to hear has to wait, or need not be said any more."""
    _let_go(outlet, now)
    unsent = db.session.scalars(_unsent(outlet)).all()
    may = {kind for kind in {n.kind for n in unsent} if _may(outlet, kind, now)}
    ready = [n for n in unsent if n.kind in may]
    words: Words | None = words_of(outlet, ready, now)
    if not words:
        return None
    outlet.claimed_until = now + LEASE
    return Claimed(outlet.id, errand(outlet, words.title, words.body), [n.id for n in ready])


def _let_go(outlet: Outlet, now: datetime) -> None:
    """What is a day old is news no more; nor is what nobody wants to hear there now."""
    over = or_(OutletNotice.found_at <= now - LOOK_BACK, OutletNotice.kind.not_in(outlet.kinds))
    unsent = OutletNotice.outlet_id == outlet.id, OutletNotice.sent_at.is_(None)
    db.session.execute(update(OutletNotice).where(*unsent, over).values(sent_at=now))


def _unsent(outlet: Outlet) -> Rows:
    unsent = OutletNotice.outlet_id == outlet.id, OutletNotice.sent_at.is_(None)
    return select(OutletNotice).where(*unsent).order_by(OutletNotice.id)


def _may(outlet: Outlet, kind: str, now: datetime) -> bool:
    of_kind = OutletNotice.outlet_id == outlet.id, OutletNotice.kind == kind
    last = db.session.scalar(select(func.max(OutletNotice.sent_at)).where(*of_kind))
    return not last or last <= now - QUIET


def _settle(one: Claimed, outcome: Outcome, now: datetime) -> None:
    """Unless it took so long that another clock called it meanwhile, or somebody removed it."""
    outlet = db.session.get_one(Outlet, one.outlet_id, with_for_update=True)
    if outlet.claimed_until != now + LEASE or outlet.removed_at:
        return
    outlet.claimed_until = None
    keeping.note(outlet, outcome, now)
    if not outcome.problem:
        sent = update(OutletNotice).where(OutletNotice.id.in_(one.notice_ids))
        db.session.execute(sent.values(sent_at=now))
