"""Somebody who is forgotten was never asked by name: their links open nothing, and no list holds their address."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from core.db import db
from core.text import search_key
from customers.erasing import Person
from customers.models import Identity
from surveys.helpdesks.models import ZammadDelivery
from surveys.invitations.models import Invitation, InvitationList

NOBODY = ["", "", "", "", ""]
"""Keeps the place of a row: how many were dealt with is counted by places."""


def forget_asked(person: Person, now: datetime) -> None:
    """Counts stay; what is not sent yet is taken back."""
    theirs = select(Identity.id).where(Identity.customer_id.in_(person.customer_ids))
    unsent = update(Invitation).where(
        Invitation.identity_id.in_(theirs),
        Invitation.answered_on.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
    db.session.execute(unsent.values(withdrawn_at=now).execution_options(synchronize_session=False))
    forget_tickets(Invitation.identity_id.in_(theirs))
    gone = {
        "identity_id": None,
        "response_id": None,
        "link_version": Invitation.link_version + 1,
        "named": False,
    }
    asked = update(Invitation).where(Invitation.identity_id.in_(theirs)).values(gone)
    db.session.execute(asked.execution_options(synchronize_session=False))
    _out_of_lists(person)


def forget_tickets(invitations: ColumnElement[bool]) -> None:
    """The number of a ticket leads to its customer in another system."""
    lists = select(Invitation.list_id).where(invitations)
    change = update(ZammadDelivery).where(ZammadDelivery.list_id.in_(lists)).values(ticket="")
    db.session.execute(change.execution_options(synchronize_session=False))


def _out_of_lists(person: Person) -> None:
    """Of those that are being looked at, or worked through."""
    unfinished = (
        InvitationList.organisation_id == person.organisation_id,
        InvitationList.finished_at.is_(None),
    )
    keys = {key for _kind, _value, key in person.addresses}
    for drawn in db.session.scalars(select(InvitationList).where(*unfinished)):
        drawn.rows = [
            NOBODY if search_key(row[0]) in keys or search_key(row[3]) in keys else row for row in drawn.rows
        ]
        drawn.problems = [_without(problem, keys) for problem in drawn.problems]
    db.session.flush()


def _without(problem: list[Any], keys: set[str]) -> list[Any]:
    line, words, why = problem
    named = any(key in search_key(words) or key in search_key(why) for key in keys)
    return [line, "", ""] if named else problem


def asked_of(identity_ids: list[int]) -> list[Invitation]:
    """When these addresses were asked, oldest first."""
    query = select(Invitation).where(Invitation.identity_id.in_(identity_ids)).order_by(Invitation.id)
    return list(db.session.scalars(query))
