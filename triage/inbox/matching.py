"""All comments that match what the inbox is narrowed to, for a step that is about each of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from core.access import Access
from core.database.counting import MANY, up_to_many
from core.db import Rows, db
from core.errors import DomainError
from core.rows import among
from triage.inbox.filters import Filters
from triage.inbox.finding import Matches, condition
from triage.inbox.seeking import sought
from triage.models import Comment, CommentIndex
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
    return count(Matches(sought(organisation_id, wanted, timezone, me)), wanted.state, now)


def count(matches: Matches, state: str, now: datetime) -> int:
    """The same of what was found already: where many were, nothing is walked past once more."""
    query = _query(matches, state, now)
    if matches.what.everything:
        return up_to_many(query)
    if state in {"", "open"}:
        n = len(matches.open.newest)
        return min(n if state or n > MANY else n + len(matches.done.newest), MANY + 1)
    if state == "settled" and matches.done.few is None:
        n = up_to_many(query.where(among(CommentIndex.comment_id, matches.done.newest)))
        return n if n > MANY else up_to_many(query)
    return up_to_many(query)


def matching(organisation_id: int, wanted: Filters, now: datetime, timezone: str, me: int | None) -> Rows:
    return _query(Matches(sought(organisation_id, wanted, timezone, me)), wanted.state, now)


def _query(matches: Matches, state: str, now: datetime) -> Rows:
    query = select(CommentIndex.comment_id).where(
        CommentIndex.organisation_id == matches.what.organisation_id, *_of_state(state, now)
    )
    if state in {"", "open"} and matches.what.everything:
        return query
    query = query.join(Comment, Comment.id == CommentIndex.comment_id)
    return query if matches.what.everything else query.where(_condition(matches, state))


def _condition(matches: Matches, state: str) -> ColumnElement[bool]:
    ids = matches.open.few if state == "open" else matches.done.few if state else matches.few
    return condition(matches.what, ids)


def _of_state(state: str, now: datetime) -> Iterable[Any]:
    """Of what nobody need look at any more only the few that are held are looked for by their tags."""
    if state == "open":
        yield CommentIndex.is_open
    elif state == "settled":
        yield from (~CommentIndex.is_open, ~in_state("held", now))
    elif state:
        yield in_state(state, now)
