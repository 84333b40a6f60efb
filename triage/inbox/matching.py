"""All comments that match what the inbox is narrowed to, for a step that is about each of them."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, select

from core.access import Access
from core.database.counting import MANY
from core.db import Rows, db
from core.errors import DomainError
from core.rows import among, first, these
from triage.inbox import conditions
from triage.inbox.conditions import Shape
from triage.inbox.filters import Filters
from triage.inbox.finding import Matches
from triage.inbox.seeking import sought
from triage.models import Comment
from triage.models_index import CommentIndex
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
    if matches.what.everything or state == "held":
        return _walked(matches, state, now)
    if state == "settled":
        return _settled(matches, now)
    n = min(len(matches.open.newest), MANY + 1)
    return n if state or n > MANY else n + matches.done.up_to(MANY + 1 - n)


def _settled(matches: Matches, now: datetime) -> int:
    """Of those that were found few are held; where all were found, or enough without these, nobody else is looked at."""
    done = matches.done
    held = first(_HELD, ids=done.newest, now=now).held if done.newest else 0
    n = min(len(done.newest) - held, MANY + 1)
    return n if n > MANY or done.few is not None else _walked(matches, "settled", now)


_NOW: Any = bindparam("now")
_HELD = select(func.count().label("held")).where(
    in_state("held", _NOW),
    among(Comment.id + 0, these()),  # "+ 0": few are held, so by these it begins
)


def _walked(matches: Matches, state: str, now: datetime) -> int:
    what, ids = matches.what, _found(matches, state)
    asked = conditions.values(what, ids) | {"organisation_id": what.organisation_id, "now": now}
    counted = _counting(state, conditions.shape(what, ids))
    return int(first(counted, **asked, most=MANY + 1)[0])


@lru_cache(256)
def _counting(state: str, shape: Shape) -> Rows:
    """Put together once, as the list itself."""
    query = _query(state, not shape.narrowed, bindparam("organisation_id"), _NOW)
    met = query.where(conditions.condition(shape)).limit(bindparam("most"))
    return select(func.count()).select_from(met.subquery())


def matching(organisation_id: int, wanted: Filters, now: datetime, timezone: str, me: int | None) -> Rows:
    matches = Matches(sought(organisation_id, wanted, timezone, me))
    query = _query(wanted.state, matches.what.everything, organisation_id, now)
    return query.where(conditions.met_by(matches.what, _found(matches, wanted.state)))


def _found(matches: Matches, state: str) -> list[int] | None:
    """All that match, where they are few."""
    if matches.what.everything:
        return None
    return matches.open.few if state == "open" else matches.done.few if state else matches.few


def _query(state: str, everything: bool, organisation_id: Any, now: Any) -> Rows:
    ours = CommentIndex.organisation_id == organisation_id
    query = select(CommentIndex.comment_id).where(ours, *_of_state(state, now))
    if state in {"", "open"} and everything:
        return query
    return query.join(Comment, Comment.id == CommentIndex.comment_id)


def _of_state(state: str, now: Any) -> Iterable[Any]:
    """Of what nobody need look at any more only the few that are held are looked for by their tags."""
    if state == "open":
        yield CommentIndex.is_open
    elif state == "settled":
        yield from (~CommentIndex.is_open, ~in_state("held", now))
    elif state:
        yield in_state(state, now)
