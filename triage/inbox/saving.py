"""Views of the inbox that are kept under a name, each with how many comments it holds now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, bindparam, or_, select

from core.access import Access, own
from core.db import db
from core.errors import DomainError
from core.rows import some
from core.text import search_key
from triage.inbox.filters import Filters
from triage.inbox.matching import how_many
from triage.inbox.models import SavedView

MOST = 20


@dataclass(frozen=True, slots=True)
class View:
    """`count` is not taken further than `core.counting` does."""

    id: int
    name: str
    wanted: Filters
    count: int
    theirs: bool
    """Whoever looks saved it, and may take it away."""


def save(access: Access, name: str, wanted: Filters, shared: bool, now: datetime) -> SavedView:
    """Keep the filters; a view of theirs with this name makes way. DomainError for no filters, or too many views."""
    if not wanted:
        raise DomainError(_("Narrow the list down first: what is shown now is everything."))
    view = db.session.scalar(_of(access).where(SavedView.key == search_key(name)))
    if not view and len(db.session.scalars(_of(access)).all()) >= MOST:
        raise DomainError(_("You have %(n)d views already. Take one away first.", n=MOST))
    view = view or SavedView(organisation_id=access.organisation_id, staff_id=access.staff_id, created_at=now)
    view.name, view.key, view.filters, view.shared = name, search_key(name), wanted.as_args(), shared
    db.session.add(view)
    db.session.flush()
    return view


def _of(access: Access) -> Any:
    return own(SavedView).where(SavedView.staff_id == access.staff_id)


def views(access: Access, now: datetime, timezone: str) -> list[View]:
    """One's own, and what colleagues share, by name."""
    found = some(_SEEN, organisation_id=access.organisation_id, staff_id=access.staff_id)
    return [_view(v, access, now, timezone) for v in found]


_SEEN = (
    select(SavedView.id, SavedView.name, SavedView.filters, SavedView.staff_id)
    .where(SavedView.organisation_id == bindparam("organisation_id"))
    .where(or_(SavedView.staff_id == bindparam("staff_id"), SavedView.shared))
    .order_by(SavedView.key)
    .limit(2 * MOST)
)


def _view(view: Row[Any], access: Access, now: datetime, timezone: str) -> View:
    wanted = Filters.read(view.filters)
    count = how_many(access.organisation_id, wanted, now, timezone, access.staff_id)
    return View(view.id, view.name, wanted, count, view.staff_id == access.staff_id)
