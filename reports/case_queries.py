"""From rows to cases: every answer of a period that counts, with what became of it. Four queries, whatever the number."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from accounts.models import Staff
from core.db import Rows, db
from followup.closing import closings
from followup.models import Verdict
from followup.speed import OUTCOMES, WORDS
from outbox.models import Message
from promises.models import Promise, Update
from promises.standing import carries, standing_sql
from reports.cases import Case
from reports.period import Period
from surveys.models import SCALE_KINDS, Question, Response, Version
from surveys.models_inviting import Invitation
from triage.models import Comment

CAME_BACK = ("not_clear", "not_solved", "reply")
NOT_OWED = ("erased", "history", "declined")


def cases(period: Period) -> list[Case]:
    """Oldest first."""
    scales, owed = _scales(period), _promises(period)
    felt, feels, closed = _felt(period), _feels(period), _closings(period)
    return [
        Case(
            row.id, row.received_at, row.score, scales.get(row.version_id, ""), bool(row.is_sound), row.channel, _came(row), row.language,
            row.state, row.why not in NOT_OWED or row.state != "unreachable", felt=felt.get(row.id, ""), feels=feels.get(row.id, ""),
            closing=closed.get(row.id, ""), **owed.get(row.id, {}),
        )
        for row in db.session.execute(_responses(period))
    ]  # fmt: skip


def _responses(period: Period) -> Rows:
    stands = period.scope.within(standing_sql()).subquery()
    invited = select(Invitation.response_id).where(Invitation.response_id.is_not(None))
    query = select(
        Response.id, Response.received_at, Response.score, Response.version_id, Response.is_sound.label("is_sound"), Response.channel,
        Response.source, Response.id.in_(invited).label("invited"), Response.language, stands.c.state, stands.c.why,
    )  # fmt: skip
    return period.scope.within(query.join(stands, stands.c.response_id == Response.id).order_by(Response.id))


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


def _promises(period: Period) -> dict[int, dict[str, Any]]:
    """response → when they heard what, by when they were promised it first, whose it was when they were last told."""
    said_at = func.coalesce(Message.sent_at, Update.composed_at).label("said_at")
    arrived = ((Update.channel == "page") | Message.state.in_(("sent", "bounced"))).label("arrived")
    query = (
        select(
            Promise.response_id, Promise.due_at, Promise.because, Promise.ended_as, Staff.name, Update.how, said_at, arrived
        )
        .join(Response, Response.id == Promise.response_id)
        .join(Staff, Staff.id == Promise.who_id)
        .outerjoin(Update, (Update.promise_id == Promise.id) & (Update.kind == "ending"))
        .outerjoin(Message, carries(Update))
        .where(Response.is_test.is_(False), Promise.opened_at <= period.as_of)
        .order_by(Promise.id)
    )  # fmt: skip
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in db.session.execute(period.scope.within(query)):
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


def _felt(period: Period) -> dict[int, str]:
    """response → the emotion of its first comment that has one, as they said it or as staff decided"""
    query = select(Comment.response_id, Comment.emotion).where(Comment.emotion.is_not(None))
    return dict(
        _of_responses(period, query.join(Response, Response.id == Comment.response_id), Comment.id.desc())
    )


def _feels(period: Period) -> dict[int, str]:
    """response → how they feel about it now, as they said last"""
    query = select(Verdict.response_id, Verdict.emotion).where(
        Verdict.emotion.is_not(None), Verdict.created_at <= period.as_of
    )
    return dict(_of_responses(period, query.join(Response, Response.id == Verdict.response_id), Verdict.id))


def _closings(period: Period) -> dict[int, str]:
    closed = period.scope.within(closings(period.as_of)).subquery()
    query = select(closed.c.response_id, closed.c.closing).where(closed.c.closing != "")
    return {response_id: closing for response_id, closing in db.session.execute(query)}  # noqa: C416


def _of_responses(period: Period, query: Rows, order: Any) -> Iterator[tuple[int, str]]:
    yield from ((row[0], row[1]) for row in db.session.execute(period.scope.within(query).order_by(order)))
