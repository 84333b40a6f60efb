"""From rows to cases: every answer of a period that counts, with what became of it; some queries a page, whatever the number."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from accounts.models import Staff
from core.db import Rows, UTCDateTime, db
from core.rows import among, some, these
from followup.closing import SILENCE, closed
from followup.models import Verdict
from followup.speed import OUTCOMES, WORDS
from outbox.models import Message
from promises.models import Promise, Update
from promises.paging import pages
from promises.standing import carries, standing_sql
from reports.cases import Case
from reports.period import Period
from reports.thanks_queries import Thanks
from surveys.invitations.models import Invitation
from surveys.models import SCALE_KINDS, Question, Version
from surveys.models_responses import Response
from triage.models import Comment

BATCH = 1000
CAME_BACK = ("not_clear", "not_solved", "reply")
NOT_OWED = ("erased", "history", "declined")


def cases(period: Period) -> Iterator[Case]:
    """Oldest first, a page at a time."""
    scales, as_of, thanks = _scales(period), period.as_of, Thanks(period)
    for ids in pages(period.scope, BATCH):
        felt, feels = _words(_FELT, ids=ids), _words(_FEELS, ids=ids, as_of=as_of)
        ended = _words(_CLOSINGS, ids=ids, silent=as_of - SILENCE)
        had = thanks.given(ids)
        for row, owed in _rows(ids, as_of):
            yield Case(
                row.id, row.received_at, row.score, scales.get(row.version_id, ""), bool(row.is_sound), row.channel, _came(row),
                row.language, row.state, _is_owed(row), felt=felt.get(row.id, ""), feels=feels.get(row.id, ""),
                closing=ended.get(row.id, ""),
                thanked=thanks.thanked(row, owed, had), **owed,
            )  # fmt: skip


def waiting_cases(period: Period) -> Iterator[Case]:
    """The same cases, told of how long they wait and of nothing else."""
    for ids in pages(period.scope, BATCH):
        for row, owed in _rows(ids, period.as_of):
            yield Case(row.id, row.received_at, state=row.state, owed=_is_owed(row), **owed)


def _rows(ids: list[int], as_of: datetime) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each answer with what its promises say."""
    owed = _promises(ids, as_of)
    for row in some(_RESPONSES, ids=ids):
        yield row, owed.get(row.id, {})


def _responses() -> Rows:
    stands = standing_sql().where(among(Response.id, these())).subquery()
    invited = select(Invitation.id).where(Invitation.response_id == Response.id).exists()
    query = select(
        Response.id, Response.received_at, Response.score, Response.version_id, Response.is_sound.label("is_sound"), Response.channel,
        Response.source, invited.label("invited"), Response.language, stands.c.state, stands.c.why,
    )  # fmt: skip
    query = query.join(stands, stands.c.response_id == Response.id)
    return query.order_by(Response.submitted_at, Response.id)


_RESPONSES = _responses()
"""Put together once, as all that is asked of each page."""


def _is_owed(row: Any) -> bool:
    return row.why not in NOT_OWED or row.state != "unreachable"


def _came(row: Any) -> str:
    """By invitation, by a link or address that anybody has, by a program, from a file, on the phone, or on a tablet."""
    if row.source != "web":
        return str(row.source)
    return "invitation" if row.invited else "link"


def _scales(period: Period) -> dict[int, str]:
    """version → the kind of its first question on a scale, whose answer is the score"""
    query = (
        select(Question.version_id, Question.kind)
        .join(Version, Version.id == Question.version_id)
        .where(Version.survey_id == period.survey.id, Question.kind.in_(SCALE_KINDS))
        .order_by(Question.position.desc())
    )
    return {version: kind for version, kind in db.session.execute(query)}  # noqa: C416 - rows, not pairs


def _promises(ids: list[int], as_of: datetime) -> dict[int, dict[str, Any]]:
    """response → when they heard what, by when they were promised it first, whose it was when they were last told"""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in some(_PROMISES, ids=ids, as_of=as_of):
        _fold(found[row.response_id], row, as_of)
    return found


_AS_OF = bindparam("as_of", type_=UTCDateTime())
_PROMISES: Rows = (
    select(
        Promise.response_id, Promise.due_at, Promise.because, Promise.ended_as, Staff.name, Update.how,
        func.coalesce(Message.sent_at, Update.composed_at).label("said_at"),
        ((Update.channel == "page") | Message.state.in_(("sent", "bounced"))).label("arrived"),
    )
    .join(Staff, Staff.id == Promise.who_id)
    .outerjoin(Update, (Update.promise_id == Promise.id) & (Update.kind == "ending"))
    .outerjoin(Message, carries(Update))
    .where(among(Promise.response_id, these()), Promise.opened_at <= _AS_OF)
    .order_by(Promise.id)
)  # fmt: skip


def _fold(kept: dict[str, Any], row: Any, as_of: datetime) -> None:
    """One more promise of the same person, in the order in which they were made."""
    kept.setdefault("due_at", row.due_at)
    kept["reopened"] = kept.get("reopened", False) or row.because in CAME_BACK
    heard = row.arrived and row.said_at is not None and row.said_at <= as_of
    if row.ended_as == "told" or "who" not in kept:
        kept["who"] = row.name
    if heard:
        kept["corrected"] = kept.get("corrected", False) or row.how == "correction"
        for name, hows in (("word_at", WORDS), ("outcome_at", OUTCOMES)):
            if row.how in hows:
                kept[name] = min(kept.get(name, row.said_at), row.said_at)


_FELT: Rows = (
    select(Comment.response_id, Comment.emotion)
    .where(Comment.emotion.is_not(None), among(Comment.response_id, these()))
    .order_by(Comment.id.desc())
)
"""The emotion of their first comment that has one, as they said it or as staff decided."""
_FEELS: Rows = (
    select(Verdict.response_id, Verdict.emotion)
    .where(Verdict.emotion.is_not(None), Verdict.created_at <= _AS_OF, among(Verdict.response_id, these()))
    .order_by(Verdict.id)
)
"""How they feel about it now, as they said last."""


def _closings() -> Rows:
    rule = closed(bindparam("silent", type_=UTCDateTime())).where(among(Response.id, these())).subquery()
    return select(rule.c.response_id, rule.c.closing).where(rule.c.closing != "")


_CLOSINGS = _closings()


def _words(query: Rows, **given: Any) -> dict[int, str]:
    """response → what such a query says of it, last"""
    return {response_id: word for response_id, word in some(query, **given)}  # noqa: C416 - rows, not pairs
