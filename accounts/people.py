"""Who works here: the first person, invitations, roles, absence, and leaving."""

import re
import secrets
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import exists, select

from accounts import links, sessions
from accounts.models import Membership, Staff
from accounts.presence import membership
from core import audit
from core.access import Role
from core.db import db
from core.errors import Conflict, DomainError
from core.models import Organisation
from core.settings import settings
from core.text import one_line, search_key
from outbox.addresses import one_address

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def create_organisation(
    slug: str, name: str, manager_name: str, manager_mail: str, now: datetime
) -> Organisation:
    """An organisation and its first person, an admin. DomainError when the slug is taken or the address is none."""
    if not _SLUG.fullmatch(slug):
        raise DomainError(_("The short name %(slug)s may hold small letters, digits and hyphens.", slug=slug))
    if db.session.scalar(select(Organisation.id).where(Organisation.slug == slug)):
        raise Conflict(_("There is an organisation called %(slug)s already.", slug=slug))
    organisation = Organisation(slug=slug, name=one_line(name), timezone=settings().timezone, created_at=now)
    db.session.add(organisation)
    db.session.flush()
    invite(organisation.id, manager_name, manager_mail, Role.admin, now)
    return organisation


def invite(organisation_id: int, name: str, mail: str, role: Role, now: datetime) -> Membership:
    """A colleague from now on; someone who left comes back. Conflict when they work here already."""
    staff = _staff(organisation_id, one_line(name), mail, now)
    found = membership(organisation_id, staff.id)
    if found and not found.left_at:
        raise Conflict(_("%(name)s works here already.", name=staff.name))
    joined = found or Membership(
        organisation_id=organisation_id, staff_id=staff.id, role=role.name, since=now
    )
    joined.role, joined.left_at, joined.away_until = role.name, None, None
    db.session.add(joined)
    audit.record("staff.invited", joined, now, role=role.name)
    return joined


def _staff(organisation_id: int, name: str, mail: str, now: datetime) -> Staff:
    """The account with this address; whoever has one keeps their own name, language and password."""
    if not one_address(mail):
        raise DomainError(_("%(mail)s is not one mail address.", mail=mail))
    return find(mail) or _new(organisation_id, name, search_key(mail), now)


def find(mail: str) -> Staff | None:
    """The account with this address, however it is written."""
    return db.session.scalar(select(Staff).where(Staff.email == search_key(mail)))


def _new(organisation_id: int, name: str, email: str, now: datetime) -> Staff:
    language = db.session.scalar(select(Organisation.language).where(Organisation.id == organisation_id))
    own_name, unique = name or email.partition("@")[0], secrets.token_hex(16)
    staff = Staff(name=own_name, email=email, fs_uniquifier=unique, created_at=now, language=language or "nl")
    db.session.add(staff)
    db.session.flush()
    return staff


def change_role(member: Membership, role: Role, now: datetime) -> None:
    """Another role: whatever they have open ends at once, so that it holds everywhere."""
    if member.role == role.name:
        return
    _refuse_last_admin(member)
    before, member.role = member.role, role.name
    sessions.end(member.staff_id, now)
    audit.record("staff.role_changed", member, now, before=before, after=role.name)


def away(member: Membership, until: datetime | None, now: datetime) -> None:
    """Away until a moment, or back again: meanwhile somebody else follows up (`presence.first_present`)."""
    if until and until <= now:
        raise DomainError(_("The last day away lies in the past."))
    member.away_until = until
    audit.record("staff.away" if until else "staff.back", member, now)


def leave(member: Membership, now: datetime) -> None:
    """They no longer work here. What they signed keeps their name; what they have open ends at once."""
    if member.left_at:
        return
    _refuse_last_admin(member)
    member.left_at = now
    sessions.end(member.staff_id, now)
    links.withdraw(member.staff_id, now)
    audit.record("staff.left", member, now)


def _refuse_last_admin(member: Membership) -> None:
    """Somebody must be able to let others in."""
    db.session.execute(
        select(Organisation.id).where(Organisation.id == member.organisation_id).with_for_update()
    )
    admins = Membership.role == Role.admin.name, Membership.left_at.is_(None)
    others = Membership.organisation_id == member.organisation_id, Membership.id != member.id
    if member.role == Role.admin.name and not db.session.scalar(select(exists().where(*admins, *others))):
        raise Conflict(
            _("%(name)s is the only admin here. Make somebody else admin first.", name=member.staff.name)
        )
