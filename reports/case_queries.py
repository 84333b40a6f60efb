"""From rows to cases: every answer of a period that counts, with what became of it; some queries a page, whatever the number."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from accounts.models import Staff
from core.db import Rows, db
from core.rows import among
from followup.closing import closings
from followup.models import Verdict
from followup.speed import OUTCOMES, WORDS
from outbox.models import Message
from promises.models import Promise, Update
from promises.standing import carries, standing_sql
from reports.cases import Case
from reports.period import Period
from surveys.invitations.models import Invitation
from surveys.models import SCALE_KINDS, Question, Version
from surveys.models_responses import Response
from triage.models import Comment

BATCH = 1000
CAME_BACK = ("not_clear", "not_solved", "reply")
NOT_OWED = ("erased", "history", "declined")


def cases(period: Period) -> Iterator[Case]:
    """Oldest first, a page at a time."""
    scales = _scales(period)
    for ids in _pages(period):
        felt, feels, closed = _felt(ids), _feels(ids, period), _closings(ids, period)
        for row, owed in _rows(ids, period):
            yield Case(
                row.id, row.received_at, row.score, scales.get(row.version_id, ""), bool(row.is_sound), row.channel, _came(row),
                row.language, row.state, _is_owed(row), felt=felt.get(row.id, ""), feels=feels.get(row.id, ""),
                closing=closed.get(row.id, ""), **owed,
            )  # fmt: skip


def waiting_cases(period: Period) -> Iterator[Case]:
    """The same cases, told of how long they wait and of nothing else."""
    for ids in _pages(period):
        for row, owed in _rows(ids, period):
            yield Case(row.id, row.received_at, state=row.state, owed=_is_owed(row), **owed)


def _pages(period: Period) -> Iterator[list[int]]:
    """The answers that count, along the index of their time: each page begins behind the last."""
    counts = period.scope.within(
        select(Response.id, Response.submitted_at).where(Response.is_test.is_(False))
    )
    query = counts.order_by(Response.submitted_at, Response.id).limit(BATCH)
    found = db.session.execute(query).all()
    while found:
        yield [row.id for row in found]
        found = db.session.execute(query.where(_behind(found[-1]))).all()


def _behind(last: Any) -> ColumnElement[bool]:
    later = or_(Response.submitted_at > last.submitted_at, Response.id > last.id)
    return and_(Response.submitted_at >= last.submitted_at, later)


def _rows(ids: list[int], period: Period) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each answer with what its promises say."""
    owed = _promises(ids, period)
    for row in db.session.execute(_responses(ids)):
        yield row, owed.get(row.id, {})


def _responses(ids: list[int]) -> Rows:
    stands = standing_sql().where(among(Response.id, ids)).subquery()
    invited = select(Invitation.id).where(Invitation.response_id == Response.id).exists()
    query = select(
        Response.id, Response.received_at, Response.score, Response.version_id, Response.is_sound.label("is_sound"), Response.channel,
        Response.source, invited.label("invited"), Response.language, stands.c.state, stands.c.why,
    )  # fmt: skip
    query = query.join(stands, stands.c.response_id == Response.id)
    return query.order_by(Response.submitted_at, Response.id)


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


def _promises(ids: list[int], period: Period) -> dict[int, dict[str, Any]]:
    """response → when they heard what, by when they were promised it first, whose it was when they were last told."""
    said_at = func.coalesce(Message.sent_at, Update.composed_at).label("said_at")
    arrived = ((Update.channel == "page") | Message.state.in_(("sent", "bounced"))).label("arrived")
    query = (
        select(
            Promise.response_id, Promise.due_at, Promise.because, Promise.ended_as, Staff.name, Update.how, said_at, arrived
        )
        .join(Staff, Staff.id == Promise.who_id)
        .outerjoin(Update, (Update.promise_id == Promise.id) & (Update.kind == "ending"))
        .outerjoin(Message, carries(Update))
        .where(among(Promise.response_id, ids), Promise.opened_at <= period.as_of)
        .order_by(Promise.id)
    )  # fmt: skip
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in db.session.execute(query):
        _fold(found[row.response_id], row, period)
    return found


def _fold(kept: dict[str, Any], row: Any, period: Period) -> None:
    """One more promise of the same person, in the order in which they were made."""
    kept.setdefault("due_at", row.due_at)
    kept["reopened"] = kept.get("reopened", False) or row.because in CAME_BACK
    heard = row.arrived and row.said_at is not None and row.said_at <= period.as_of
    if row.ended_as == "told" or "who" not in kept:
        kept["who"] = row.name
    if heard:
        kept["corrected"] = kept.get("corrected", False) or row.how == "correction"
        for name, hows in (("word_at", WORDS), ("outcome_at", OUTCOMES)):
            if row.how in hows:
                kept[name] = min(kept.get(name, row.said_at), row.said_at)


def _felt(ids: list[int]) -> dict[int, str]:
    """response → the emotion of its first comment that has one, as they said it or as staff decided"""
    query = select(Comment.response_id, Comment.emotion).where(Comment.emotion.is_not(None))
    return _found(query.where(among(Comment.response_id, ids)).order_by(Comment.id.desc()))


def _feels(ids: list[int], period: Period) -> dict[int, str]:
    """response → how they feel about it now, as they said last"""
    query = select(Verdict.response_id, Verdict.emotion).where(
        Verdict.emotion.is_not(None), Verdict.created_at <= period.as_of
    )
    return _found(query.where(among(Verdict.response_id, ids)).order_by(Verdict.id))


def _closings(ids: list[int], period: Period) -> dict[int, str]:
    closed = closings(period.as_of).where(among(Response.id, ids)).subquery()
    return _found(select(closed.c.response_id, closed.c.closing).where(closed.c.closing != ""))


def _found(query: Rows) -> dict[int, str]:
    return {response_id: word for response_id, word in db.session.execute(query)}  # noqa: C416 - rows, not pairs
