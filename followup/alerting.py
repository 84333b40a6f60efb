"""The manager hears before a promise breaks: one mail a day at most, with what falls due and is not settled."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import render_template
from flask_babel import force_locale
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from accounts.models import Membership
from core import calendar, clock
from core.db import Rows, db, writing
from core.inlining import inlined
from core.links import public_url
from core.models import Organisation
from core.reach import reach
from followup.models import Alert
from outbox.freezing import freeze
from promises.lines import Line, line
from promises.models import Promise, Update
from surveys.models import Response
from triage.models import Comment, Tag

HOUR = time(8)
"""Local time on a working day from which managers are warned."""
MOST = 20
"""Promises that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What falls due until the end of the next working day, and how many answers were closed by default."""

    lines: list[Line]
    due: int
    closed: int


def alert_managers(now: datetime) -> int:
    """Warn the managers of each organisation once a day, where there is something to warn of; returns how many."""
    organisations = db.session.scalars(select(Organisation).order_by(Organisation.id)).all()
    return sum(_alert(o, now) for o in organisations if _its_hour(o, now))


def _its_hour(organisation: Organisation, now: datetime) -> bool:
    local = clock.local(now, organisation.timezone)
    return local.time() >= HOUR and calendar.is_working_day(local.date(), organisation.country)


def _alert(organisation: Organisation, now: datetime) -> int:
    today = clock.local_date(now, organisation.timezone)
    unwarned = _managers(organisation, today, now)
    found = danger(organisation, today, now) if unwarned else None
    if not found or not (found.due or found.closed):
        return 0
    return sum(_once(organisation, member.id, found, now) for member in unwarned)


def _managers(organisation: Organisation, today: date, now: datetime) -> list[Membership]:
    """Managers at their desk who were not written to today; when all are away, all of them."""
    warned = select(Alert.staff_id).where(Alert.organisation_id == organisation.id, Alert.on_day == today)
    query = select(Membership).where(
        Membership.organisation_id == organisation.id,
        Membership.role.in_(("manager", "admin")),
        Membership.left_at.is_(None),
    )
    members = list(db.session.scalars(query.order_by(Membership.id)))
    here = [m for m in members if not m.away_until or m.away_until <= now] or members
    told = set(db.session.scalars(warned))
    return [m for m in here if m.staff_id not in told]


def danger(organisation: Organisation, today: date, now: datetime) -> Danger:
    query = _unsettled(organisation, today)
    found = db.session.scalars(query.order_by(Promise.due_at, Promise.id).limit(MOST))
    lines = [line(p, now, organisation.timezone) for p in found]
    count = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return Danger(lines, count, _closed(organisation, today))


def _unsettled(organisation: Organisation, today: date) -> Rows:
    """Open, due by the end of the next working day, and nothing is there yet that will be told."""
    last = calendar.next_working_day(today + timedelta(days=1), organisation.country)
    return select(Promise).where(
        Promise.organisation_id == organisation.id,
        Promise.is_open,
        Promise.due_at <= clock.end_of_day(last, organisation.timezone),
        ~_something_to_tell(),
    )


def _something_to_tell() -> ColumnElement[bool]:
    untold = Tag.told_at.is_(None) & Tag.withdrawn_at.is_(None)
    return select(Tag.id).join(Comment).where(Comment.response_id == Promise.response_id, untold).exists()


def _closed(organisation: Organisation, today: date) -> int:
    """Since the midnight before last: what was closed on the last evening is in the mail of this morning."""
    since = clock.end_of_day(today - timedelta(days=2), organisation.timezone)
    query = select(func.count(Update.id)).where(
        Update.how == "default", Update.kind == "ending", Update.composed_at > since
    )
    theirs = Update.promise.has(Promise.response.has(Response.organisation_id == organisation.id))
    return db.session.scalar(query.where(theirs)) or 0


def _once(organisation: Organisation, member_id: int, found: Danger, now: datetime) -> int:
    """The row that says so and the mail are one transaction: a second clock finds the row."""
    try:
        with writing():
            _write(db.session.get_one(Organisation, organisation.id), member_id, found, now)
    except IntegrityError:
        return 0
    return 1


def _write(organisation: Organisation, member_id: int, found: Danger, now: datetime) -> None:
    staff = db.session.get_one(Membership, member_id).staff
    today = clock.local_date(now, organisation.timezone)
    db.session.add(Alert(organisation_id=organisation.id, staff_id=staff.id, on_day=today, written_at=now))
    db.session.flush()
    subject, text, html = letter(organisation, staff.name, staff.language, found, now)
    freeze(
        organisation.id, "alert", staff.email, subject, text, html, organisation.name, staff.language, now,
        recipient_name=staff.name,
    )  # fmt: skip


def letter(
    organisation: Organisation, name: str, language: str, found: Danger, now: datetime
) -> tuple[str, str, str]:
    """(subject, text, html) of the warning, in a manager's language."""
    with force_locale(language):
        words = {
            "organisation": organisation, "name": name, "language": language, "found": found, "reference": "",
            "link": public_url("/promises"), "reach": reach(organisation, now), "signer": None,
        }  # fmt: skip
        subject = " ".join(render_template("mail/alert/subject.txt", **words).split())
        text, html = (
            render_template(f"mail/alert/{part}", subject=subject, **words)
            for part in ("body.txt", "body.html")
        )
    return subject, re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", inlined(html)
