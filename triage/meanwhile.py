"""What others did with comments since a page with them was made, so that nobody speaks over a colleague's head.

The history of a comment is only ever added to: a page carries how many lines it had, and the lines after those are
what happened meanwhile. They are counted, since on PostgreSQL a lower number may be committed after a higher one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, func, select

from core.access import access, own
from core.db import db
from core.ids import row_id
from core.models import Event
from core.rows import among, some, these
from triage.models import Comment

Marks = Mapping[int, int]
"""comment → how many lines its history has"""
DATED_BEFORE = timedelta(seconds=10)
"""A line has the moment at which somebody asked; it is seen when they had their turn to write."""
LABELS = ("comment.labelled", "comment.felt")
"""What may be done to labels."""


def marks(ids: Iterable[int]) -> dict[int, int]:
    """As it stands now; of a comment without any line, 0."""
    wanted = list(ids)
    counted = some(_COUNTED, organisation_id=access().organisation_id, ids=wanted) if wanted else ()
    found: dict[int, int] = {c.subject_id: c.lines for c in counted}
    return {id: found.get(id, 0) for id in wanted}


_COUNTED = (
    select(Event.subject_id, func.count().label("lines"))
    .where(Event.organisation_id == bindparam("organisation_id"), Event.subject_type == "comment")
    .where(among(Event.subject_id, these()))
    .group_by(Event.subject_id)
)


def _about(ids: Iterable[int]) -> ColumnElement[bool]:
    return (Event.subject_type == "comment") & among(Event.subject_id, ids)


def written(marks: Marks) -> list[str]:
    """As a page carries them: 17:3"""
    return [f"{id}:{n}" for id, n in marks.items()]


def read(sent: Iterable[str]) -> dict[int, int]:
    """What a page carried; what is no mark is left out, and then nothing is known of that comment."""
    found: dict[int, int] = {}
    for word in sent:
        id, _colon, n = word.partition(":")
        try:
            found[row_id(id)] = row_id(n)
        except ValueError:
            continue
    return found


def lock(ids: Iterable[int]) -> None:
    """Until the transaction ends nobody else does anything with these: whoever tags one waits for it."""
    rows = select(Comment.id).where(among(Comment.id, ids)).order_by(Comment.id)
    db.session.execute(rows.with_for_update())


def since(ids: Sequence[int], seen: Marks, verbs: Sequence[str] = ()) -> list[Event]:
    """What others did with these comments since, in the order in which they did it; `verbs` narrow it down.

    Nothing of a comment whose mark was not carried, and nothing that whoever asks did in another window.
    """
    now = marks(id for id in ids if id in seen)
    grown = {id: n - seen[id] for id, n in now.items() if n > seen[id]}
    found = [event for id, n in grown.items() for event in _newest(id, n)]
    theirs = [e for e in found if e.actor != access().actor and (not verbs or e.verb in verbs)]
    return sorted(theirs, key=lambda event: event.id)


def after(ids: Sequence[int], moment: datetime, verbs: Sequence[str]) -> list[Event]:
    """The same of thousands, of which no page carries marks: since the page was made, and a little before, since a line is dated before it can be seen."""
    lines = own(Event).where(_about(ids), Event.verb.in_(verbs), Event.at > moment - DATED_BEFORE)
    return list(db.session.scalars(lines.where(Event.actor != access().actor).order_by(Event.id)))


def _newest(comment_id: int, n: int) -> Iterable[Event]:
    lines = own(Event).where(_about([comment_id])).order_by(Event.id.desc()).limit(n)
    return db.session.scalars(lines)
