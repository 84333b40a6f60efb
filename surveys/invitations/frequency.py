"""Who may be asked now: not whoever left this mail, and nobody again within thirty days (ninety for a survey with NPS)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core.db import db
from core.text import search_key
from customers.models import Identity
from outbox.suppressing import blocked
from surveys.invitations.listed import Person, Problem
from surveys.invitations.models import Invitation
from surveys.models import Survey
from surveys.versions import published

DAYS, DAYS_NPS = 30, 90
MANY = 500
"""Addresses that are asked about at once."""


def sorted_out(survey: Survey, people: Sequence[Person], now: datetime) -> tuple[list[Person], list[Problem]]:
    """(who may be asked, the others with the reason)"""
    addresses = [p.email for p in people]
    left = blocked(survey.organisation_id, addresses, "survey")
    asked = asked_lately(survey, addresses, now)
    why = {a: _left(reason) for a, reason in left.items()}
    why |= {a: _asked(now, moment, between(survey)) for a, moment in asked.items() if a not in why}
    return [p for p in people if p.email not in why], [
        Problem(p.line, p.email, why[p.email]) for p in people if p.email in why
    ]


def between(survey: Survey) -> timedelta:
    """How long nobody is asked again before this survey asks them."""
    version = published(survey)
    nps = version is not None and any(q.kind == "nps" for q in version.questions)
    return timedelta(days=DAYS_NPS if nps else DAYS)


def asked_lately(survey: Survey, addresses: Sequence[str], now: datetime) -> dict[str, datetime]:
    """address → when that person was asked last, or will be: by any survey, at any address of theirs."""
    since, keys = now - between(survey), {search_key(address): address for address in addresses}
    asked, known = aliased(Identity), aliased(Identity)
    query = (
        select(asked.key, func.max(Invitation.send_at))
        .join(known, known.customer_id == asked.customer_id)
        .join(Invitation, Invitation.identity_id == known.id)
        .where(asked.organisation_id == survey.organisation_id, asked.kind == "mail")
        .where(Invitation.send_at > since, Invitation.withdrawn_at.is_(None))
        .group_by(asked.key)
    )
    found = (
        row for some in _parts(list(keys)) for row in db.session.execute(query.where(asked.key.in_(some)))
    )
    return {keys[key]: moment for key, moment in found}


def _parts(those: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(those), MANY):
        yield those[start : start + MANY]


def _left(reason: str) -> str:
    return {
        "hard_bounce": _("Mail to this address comes back."),
        "complaint": _("They called our mail spam."),
        "unsubscribed": _("They get no more invitations: they asked so."),
        "erased": _("They asked to be forgotten."),
    }.get(reason, _("This address is blocked."))


def _asked(now: datetime, moment: datetime, rest: timedelta) -> str:
    days = (now - moment).days
    if days < 0:
        return _("They are on another list already, to be asked later.")
    if days == 0:
        return _("They were asked something today already.")
    return ngettext(
        "They were asked %(num)d day ago; we leave people alone for %(rest)d days.",
        "They were asked %(num)d days ago; we leave people alone for %(rest)d days.",
        days, rest=rest.days,
    )  # fmt: skip
