"""Mail to managers: a digest waits for them, and people were promised it by a date."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template
from flask_babel import force_locale
from sqlalchemy import or_, select

from accounts.models import Membership, Staff
from core.application import words
from core.db import db
from core.inlining import inlined
from core.links import public_url
from core.models import Organisation
from core.reach import reach
from outbox.freezing import freeze
from outbox.models import Message
from surveys.models import Round

PARTS = ("subject.txt", "body.txt", "body.html")


@dataclass(frozen=True, slots=True)
class Alert:
    """What a manager reads, in their language."""

    organisation: Organisation
    language: str
    subject: str
    text: str
    html: str


def managers(organisation_id: int, now: datetime) -> list[Staff]:
    """Managers and admins who are at their desk; when all are away, all of them."""
    works = Membership.organisation_id == organisation_id, Membership.left_at.is_(None), Staff.active
    query = select(Staff).join(Membership).where(*works, Membership.role.in_(("manager", "admin")))
    here = query.where(or_(Membership.away_until.is_(None), Membership.away_until <= now))
    return list(db.session.scalars(here).all() or db.session.scalars(query))


def digest_waits(round: Round, staff: Staff, due_on: date, people: int, now: datetime) -> Alert:
    """Which round, how many people wait, by when, and where it is approved."""
    survey = round.survey
    with force_locale(staff.language):
        return _rendered(
            survey.organisation, staff, now, survey=words(survey.title, survey.language), month=round.starts_on,
            due_on=due_on, people=people, link=public_url(f"/rounds/{round.id}"),
        )  # fmt: skip


def _rendered(organisation: Organisation, staff: Staff, now: datetime, **facts: object) -> Alert:
    said = {
        "organisation": organisation, "name": staff.name, "language": staff.language, "reference": "", "site": public_url("/"),
        "reach": reach(organisation, now), **facts,
    }  # fmt: skip
    subject, text, html = (render_template(f"mail/digest_waiting/{part}", **said) for part in PARTS)
    return Alert(organisation, staff.language, " ".join(subject.split()), text.strip() + "\n", inlined(html))


def post(alert: Alert, staff: Staff, now: datetime) -> Message:
    """Queue it, inside `writing()`."""
    here = alert.organisation
    return freeze(
        here.id, "alert", staff.email, alert.subject, alert.text, alert.html, here.name, alert.language, now,
        recipient_name=staff.name,
    )  # fmt: skip
