"""From rows to figures: how well the loop was closed, the word and the verdict."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from core.db import db
from followup.models import Verdict
from outbox.models import Message
from promises import ledger as book
from promises.models import Promise, Update
from promises.standing import standing_sql
from reports.deeds import Count, Ledger, Loop, Verdicts, Word
from reports.period import Period
from reports.word_and_deed import NOT_AN_ANSWER
from reports.word_and_deed_sql import words
from surveys.models_responses import Response
from triage.models import Comment, Tag


def ledger(period: Period) -> Ledger:
    """Law 1 over the answers of the period; the own pages are printed apart from what was mailed."""
    found = book.ledger(period.scope)
    told_how = [Count(how, n) for how, n in sorted(found.told_how.items())]
    on_page = sum(found.told_page.values())
    return Ledger(
        responses=found.responses,
        told=found.told,
        promised=found.promised,
        unreachable=tuple(Count(why, n) for why, n in sorted(found.unreachable.items())),
        told_how=(*told_how, *([Count("own_page", on_page)] if on_page else [])),
        changed=found.something_changed,
        planned=found.planned,
        gone=found.unproven,
    )


def loop(period: Period, told: Ledger, said: Verdicts) -> Loop:
    """Heard: they had a first word from us; acted: something was decided about it; told; agreed that it is solved."""
    return Loop(
        told.responses,
        _people(period, _heard()),
        _people(period, _acted(period.as_of)),
        told.told,
        said.solved,
    )


def _people(period: Period, ids: Select[int]) -> int:
    query = select(func.count(Response.id)).where(Response.is_test.is_(False), Response.id.in_(ids))
    return db.session.scalar(period.scope.within(query)) or 0


def _heard() -> Select[int]:
    return select(Promise.response_id).join(Update, Update.promise_id == Promise.id)


def _acted(as_of: datetime) -> Select[int]:
    tagged = select(Comment.response_id).join(Tag, Tag.comment_id == Comment.id)
    tagged = tagged.where(Tag.withdrawn_at.is_(None), Tag.release_at <= as_of)
    answered = select(Promise.response_id).join(Update, Update.promise_id == Promise.id)
    return tagged.union(answered.where(Update.kind == "ending", Update.how.not_in(NOT_AN_ANSWER)))  # type: ignore[return-value]


def verdicts(period: Period, told: int) -> Verdicts:
    """The last word of each person on being clear and on being solved; silent: `told`, and said nothing on solved."""
    clear, solved = _last_said(period, "clear"), _last_said(period, "solved")
    return Verdicts(clear[True], clear[False], solved[True], solved[False], told - _told_and_spoke(period))


def _last_said(period: Period, about: str) -> Counter[bool]:
    """yes or no → how many people said that last"""
    later, said = aliased(Verdict), getattr(Verdict, about)
    newer = select(later.id).where(
        later.response_id == Verdict.response_id, later.id > Verdict.id, getattr(later, about).is_not(None)
    )
    query = select(said, func.count()).join(Response, Response.id == Verdict.response_id)
    query = query.where(said.is_not(None), ~newer.exists()).group_by(said)
    return Counter(dict(db.session.execute(period.scope.within(query)).all()))


def _told_and_spoke(period: Period) -> int:
    spoke = select(Verdict.response_id).where(Verdict.solved.is_not(None))
    rows = period.scope.within(standing_sql().where(Response.id.in_(spoke))).subquery()
    return db.session.scalar(select(func.count()).where(rows.c.state == "told")) or 0


def word(period: Period) -> Word:
    """Promises of this survey that fell due in the period, and those that were still open at its end."""
    rows, scope = words(period.as_of).subquery(), period.scope
    query = (
        select(rows.c.word, func.count())
        .join(Promise, Promise.id == rows.c.promise_id)
        .join(Response, Response.id == Promise.response_id)
        .where(
            Response.survey_id == period.survey.id,
            Promise.due_at >= scope.since,
            Promise.opened_at < scope.until,
            *scope.of_whom(),
        )
        .where(or_(Promise.due_at < scope.until, Promise.ended_at.is_(None)))
        .group_by(rows.c.word)
    )
    counts: Counter[str] = Counter(dict(db.session.execute(query).all()))
    return Word(counts["kept"], counts["late"], counts["moved"], counts["broken"], counts["open"])


def newest_fact(period: Period) -> datetime | None:
    """The latest of everything that was recorded about these answers."""
    scope = period.scope
    about = (
        select(func.max(Response.received_at)).where(Response.is_test.is_(False)),
        select(func.max(Update.composed_at))
        .join(Promise, Promise.id == Update.promise_id)
        .join(Response, Response.id == Promise.response_id),
        select(func.max(Message.sent_at))
        .join(Update, Update.message_id == Message.id)
        .join(Promise, Promise.id == Update.promise_id)
        .join(Response, Response.id == Promise.response_id),
        select(func.max(Verdict.created_at)).join(Response, Response.id == Verdict.response_id),
        select(func.max(Tag.tagged_at))
        .join(Comment, Comment.id == Tag.comment_id)
        .join(Response, Response.id == Comment.response_id),
    )
    moments = [db.session.scalar(scope.within(query)) for query in about]
    return max((m for m in moments if m), default=None)
