"""What the commands do here: each one a verb in a transaction, and the link or key to print."""

from datetime import datetime
from email.utils import parseaddr

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import keys, links, people
from accounts.models import Membership
from core.access import Role
from core.db import db, writing
from core.errors import DomainError
from core.models import Organisation


def create_organisation(slug: str, name: str, manager: str, now: datetime) -> str:
    """The one-time link of its first person; `manager` is 'NAME <MAIL>'."""
    with writing():
        organisation = people.create_organisation(slug, name, *parseaddr(manager), now)
        first = db.session.scalars(
            select(Membership).where(Membership.organisation_id == organisation.id)
        ).one()
        return printed_link(first.staff_id, now)


def invite(slug: str, role: str, person: str, now: datetime) -> str:
    """The one-time link of a new colleague; `person` is 'NAME <MAIL>'."""
    with writing():
        return printed_link(
            people.invite(_organisation_id(slug), *parseaddr(person), Role[role], now).staff_id, now
        )


def create_key(slug: str, role: str, name: str, now: datetime) -> str:
    """A new key for programs, which nobody can read again."""
    with writing():
        return keys.create(_organisation_id(slug), name, Role[role], now)[1]


def printed_link(staff_id: int, now: datetime) -> str:
    """A link for whoever sits at the terminal, inside `writing()`."""
    token = links.draw()
    links.issue(staff_id, token, now, links.PRINTED)
    return links.address(token)


def _organisation_id(slug: str) -> int:
    found = db.session.scalar(select(Organisation.id).where(Organisation.slug == slug))
    if found is None:
        raise DomainError(_("There is no organisation called %(slug)s.", slug=slug))
    return found
