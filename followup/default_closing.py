"""Answers that nobody looked at: after the days a survey chose they hear its closing words. Never a deed.

A person who forgets is no reason for silence. Each is one transaction that asks again whether it still holds.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock, rows
from core.db import Rows, db, writing
from followup.carrying import tell_ending
from followup.letters import Letter, letter, piece
from promises.ending import end
from promises.models import Promise
from promises.opening import has_comment
from surveys.models import Survey
from surveys.models_responses import Response
from triage.models import Comment, Tag

UNTOUCHED = ("answer", "no_news")
"""A promise that a person moved, or said something about, was looked at."""

log = structlog.get_logger()


def close_by_default(now: datetime) -> int:
    """Tell the closing words to everybody whose answer waited too long for a person; returns how many."""
    surveys = db.session.scalars(select(Survey.id).where(Survey.closing_days.is_not(None))).all()
    closed = sum(_once(id, now) for survey_id in surveys for id in _waiting(survey_id, now))
    if closed:
        log.error("answers that nobody looked at were closed by default", answers=closed)
    return closed


def _waiting(survey_id: int, now: datetime) -> Iterator[int]:
    """Open promises of answers that nobody tagged for so long; the local day is asked of each."""
    for some in rows.paged(_untouched(db.session.get_one(Survey, survey_id), now), Promise.id):
        yield from [row.id for row in some if _too_long(db.session.get_one(Promise, row.id).response, now)]


def _untouched(survey: Survey, now: datetime) -> Rows:
    tagged = (
        select(Tag.id)
        .join(Comment)
        .where(Comment.response_id == Promise.response_id, Tag.withdrawn_at.is_(None))
    )
    query = select(Promise.id).join(Response, Response.id == Promise.response_id)
    return query.where(
        Response.survey_id == survey.id, Promise.is_open, Promise.because.in_(UNTOUCHED), ~tagged.exists(),
        Response.received_at < now - timedelta(days=survey.closing_days or 0),
    )  # fmt: skip


def _too_long(response: Response, now: datetime) -> bool:
    """Counted from receipt; for a bare score from the end of its round, which would have answered it."""
    survey, timezone = response.survey, response.survey.organisation.timezone
    since: date = clock.local_date(response.received_at, timezone)
    since = since if has_comment(response) else max(since, response.round.ends_on)
    return clock.local_date(now, timezone) > since + timedelta(days=survey.closing_days or 0)


def _once(promise_id: int, now: datetime) -> int:
    try:
        with writing():
            return _close(db.session.get_one(Promise, promise_id), now)
    except IntegrityError:
        return 0  # another clock told it at the same moment


def _close(promise: Promise, now: datetime) -> int:
    response = promise.response
    still = response.survey.closing_days and db.session.scalar(
        _untouched(response.survey, now).where(Promise.id == promise.id)
    )
    if not still or not _too_long(response, now):
        return 0
    tell_ending(promise, "default", lambda status, stop: _letter(promise, now, status, stop), now)
    end(promise, "told", now)
    return 1


def _letter(promise: Promise, now: datetime, status: str, unsubscribe: str) -> Letter:
    response = promise.response
    words = response.survey.closing_words
    said = words.get(response.language) or words.get(response.survey.language, "")
    part = piece(response, [], [], status)
    return letter("default", response, promise, now, pieces=(part,), reason=said, unsubscribe=unsubscribe)
