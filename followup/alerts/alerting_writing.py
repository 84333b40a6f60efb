"""Alerts to colleagues by mail: at once, but one of a kind in a quarter of an hour; or once a day, at eight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from accounts import alerts
from accounts.letters import Letter, letter, tell
from accounts.models import Membership, Staff
from core import clock
from core.db import db, writing
from core.links import public_url
from core.models import Organisation
from followup.alerts.alerting_finding import note, unheard
from followup.alerts.models import StaffAlert
from surveys.models_responses import Response
from triage.commenting import comments_of
from triage.feeling.shielding import shielded
from triage.inbox.highlighting import excerpt

QUIET = timedelta(minutes=15)
HOUR = time(8)
"""Local time of the mail that comes once a day."""
MOST = 5
"""Answers that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as the mail shows it; swear words masked unless this colleague reads them."""

    response_id: int
    name: str
    survey: dict[str, str]
    score: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """Of one kind: those that are named, and how many more there are."""

    kind: str
    lines: list[Line]
    more: int


def alert_staff(now: datetime) -> int:
    """Write down who is to hear of what, and write to them; returns how many were written to."""
    note_down(now)
    waiting = select(StaffAlert.organisation_id, StaffAlert.staff_id, StaffAlert.how, StaffAlert.kind)
    found = db.session.execute(waiting.where(StaffAlert.written_at.is_(None)).distinct()).all()
    return sum(
        _write(*mail, now)
        for mail in sorted({(o, s, how, kind if how == "each" else "") for o, s, how, kind in found})
    )


def note_down(now: datetime) -> None:
    """Looked for while nothing is being written; where nothing is new, nothing is."""
    found = unheard(now)
    if found:
        with writing():
            for one in found:
                note(one, now)


def _write(organisation_id: int, staff_id: int, how: str, kind: str, now: datetime) -> int:
    """One transaction: whoever is second finds what the first one took. Returns 1 where a mail is queued."""
    with writing():
        query = select(Membership).where(
            Membership.organisation_id == organisation_id, Membership.staff_id == staff_id
        )
        member = db.session.scalars(query.with_for_update()).one()
        taken = _take(member, how, kind, now) if _may(member, how, kind, now) else []
        if not taken or member.left_at or not member.staff.active:
            return 0
        tell(alert(member.organisation, member.staff, taken, now), member.staff, now)
    return 1


def _may(member: Membership, how: str, kind: str, now: datetime) -> bool:
    last = select(func.max(StaffAlert.written_at)).where(
        StaffAlert.staff_id == member.staff_id,
        StaffAlert.organisation_id == member.organisation_id,
        StaffAlert.how == how,
    )
    if how == "each":
        before = db.session.scalar(last.where(StaffAlert.kind == kind))
        return not before or before <= now - QUIET
    zone, before = member.organisation.timezone, db.session.scalar(last)
    today = clock.local(now, zone)
    return today.time() >= HOUR and (not before or clock.local_date(before, zone) < today.date())


def _take(member: Membership, how: str, kind: str, now: datetime) -> list[tuple[str, int]]:
    """(kind, answer) of what nobody wrote yet, oldest first; from now on it counts as written.

    Of a kind that they do not want to hear of any more it counts as written, and is not.
    """
    mine = [
        StaffAlert.staff_id == member.staff_id,
        StaffAlert.organisation_id == member.organisation_id,
        StaffAlert.how == how,
    ]
    of_kind = [StaffAlert.kind == kind] if kind else []
    taking = update(StaffAlert).where(*mine, *of_kind, StaffAlert.written_at.is_(None)).values(written_at=now)
    taken = db.session.execute(taking.returning(StaffAlert.id, StaffAlert.kind, StaffAlert.response_id))
    return [(k, id) for _id, k, id in sorted(taken.all()) if alerts.choice(member, k) != "none"]


def alert(
    organisation: Organisation, staff: Staff, taken: Sequence[tuple[str, int]], now: datetime
) -> Letter:
    ids = {kind: [id for k, id in taken if k == kind] for kind in dict.fromkeys(k for k, _id in taken)}
    parts = [
        Part(kind, _lines(some[:MOST], staff), len(some[MOST:]))
        for kind, some in sorted(ids.items(), reverse=True)
    ]
    return written(organisation, staff.name, staff.language, parts, now)


def written(organisation: Organisation, name: str, language: str, parts: list[Part], now: datetime) -> Letter:
    count = sum(len(part.lines) + part.more for part in parts)
    return letter(
        "staff_alert", organisation, name, language, now,
        parts=parts, count=count, link=public_url("/responses"), steps=public_url("/large-steps"), choice=public_url("/settings/alerts"),
    )  # fmt: skip


def _lines(ids: Sequence[int], staff: Staff) -> list[Line]:
    with_all = joinedload(Response.customer), joinedload(Response.survey)
    found = db.session.scalars(
        select(Response).where(Response.id.in_(ids)).order_by(Response.id).options(*with_all)
    )
    return [_line(r, staff) for r in found]


def _line(response: Response, staff: Staff) -> Line:
    words = " ".join(next((c.text for c in comments_of(response) if c.text), "").split())
    name = response.customer.name if response.customer else ""
    return Line(
        response.id,
        name,
        response.survey.title,
        response.score,
        excerpt(words if staff.show_swearing else shielded(words)),
    )
