"""All comments that match what the inbox is narrowed to, for a step that is about each of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core.access import Access
from core.counting import up_to_many
from core.db import Rows, db
from core.errors import DomainError
from triage.filters import Filters
from triage.finding import condition, found
from triage.models import Comment, CommentIndex
from triage.seeking import sought
from triage.states import in_state


def all_that_match(
    access: Access, wanted: Filters, now: datetime, timezone: str, most: int, last: int | None = None
) -> list[int]:
    """Their numbers, up to the number `last`. DomainError for more than `most`."""
    query = matching(access.organisation_id, wanted, now, timezone, access.staff_id)
    query = query.where(CommentIndex.comment_id <= last) if last else query
    ids = list(db.session.scalars(query.limit(most + 1)))
    if len(ids) > most:
        raise DomainError(
            _("More than %(n)d comments match. Narrow them down, and take them in parts.", n=most)
        )
    return ids


def how_many(organisation_id: int, wanted: Filters, now: datetime, timezone: str, me: int | None) -> int:
    """Comments that match, state and all; at most one more than is counted."""
    return up_to_many(matching(organisation_id, wanted, now, timezone, me))


def matching(organisation_id: int, wanted: Filters, now: datetime, timezone: str, me: int | None) -> Rows:
    what = sought(organisation_id, wanted, timezone, me)
    ids = found(what.open_ones() if wanted.state == "open" else what)
    query = select(CommentIndex.comment_id).join(Comment, Comment.id == CommentIndex.comment_id)
    query = query.where(CommentIndex.organisation_id == organisation_id, condition(what, ids))
    return query.where(*_of_state(wanted.state, now))


def _of_state(state: str, now: datetime) -> Iterable[Any]:
    if state == "open":
        yield CommentIndex.is_open
    elif state:
        yield in_state(state, now)
