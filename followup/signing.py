"""Whose name stands below a letter: whoever follows it up at this moment, and for whom."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Membership, Staff
from accounts.presence import is_here, membership, memberships
from core import clock
from core.db import db
from promises.models import Promise


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    job_title: str
    instead_of: str
    """Who would have signed, when somebody follows it up for them."""
    away_until: date | None = None
    """Their last day away; None: they left."""


def signature(promise: Promise, now: datetime) -> Signature:
    """Whoever follows it at this moment, and for whom. A promise is never edited: who is away is found when it is told."""
    survey, before = promise.response.survey, _before(promise)
    in_turn = (promise.who_id, survey.signer_id, survey.deputy_id)
    held = memberships(promise.organisation_id, {*in_turn, before.id if before else None})
    who_id = next((id for id in in_turn if id and is_here(held.get(id), now)), survey.signer_id)
    who = promise.who if promise.who_id == who_id else db.session.get_one(Staff, who_id)
    known = [s for s in (promise.who, before, survey.signer) if s and s.id != who_id]
    absent = next((s for s in known if not is_here(held.get(s.id), now)), None)
    return Signature(
        who.name, held[who_id].job_title if who_id in held else "", absent.name if absent else "",
        _last_day_away(held.get(absent.id), survey.organisation.timezone) if absent else None,
    )  # fmt: skip


def signature_of(writer: Staff, organisation_id: int, now: datetime) -> Signature | None:
    """Theirs, while they are at their desk."""
    held = membership(organisation_id, writer.id)
    return Signature(writer.name, held.job_title, "") if held and is_here(held, now) else None


def _before(promise: Promise) -> Staff | None:
    """Who was named in the promise before this one."""
    return db.session.get_one(Promise, promise.predecessor_id).who if promise.predecessor_id else None


def _last_day_away(held: Membership | None, timezone: str) -> date | None:
    away = held.away_until if held and not held.left_at else None
    return clock.local_date(away, timezone) if away else None
