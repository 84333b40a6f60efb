"""Answers that nobody looked at: after the days a survey chose they hear its closing words. Never a deed.

A person who forgets is no reason for silence. Each is one transaction that asks again whether it still holds.
"""

from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db, writing
from followup.carrying import Envelope, send
from followup.letters import Letter, letter, page_words, piece
from outbox.models import Message
from promises.ending import conclude, end
from promises.models import Promise
from promises.opening import has_comment
from surveys.models import Response, Survey
from triage.models import Comment, Tag

UNTOUCHED = ("answer", "no_news")
"""A promise that a person moved, or said something about, was looked at."""
BATCH = 500

log = structlog.get_logger()


def close_by_default(now: datetime) -> int:
    """Tell the closing words to everybody whose answer waited too long for a person; returns how many."""
    surveys = db.session.scalars(select(Survey).where(Survey.closing_days.is_not(None))).all()
    waiting = [promise_id for survey in surveys for promise_id in _waiting(survey, now)]
    closed = sum(_once(promise_id, now) for promise_id in waiting)
    if closed:
        log.error("answers that nobody looked at were closed by default", answers=closed)
    return closed


def _waiting(survey: Survey, now: datetime, only: int | None = None) -> list[int]:
    """Open promises of answers that nobody tagged for so long; the local day is asked of each."""
    tagged = (
        select(Tag.id)
        .join(Comment)
        .where(Comment.response_id == Promise.response_id, Tag.withdrawn_at.is_(None))
    )
    query = (
        select(Promise)
        .join(Response, Response.id == Promise.response_id)
        .where(
            Response.survey_id == survey.id, Promise.is_open, Promise.because.in_(UNTOUCHED), ~tagged.exists()
        )
        .where(Response.received_at < now - timedelta(days=survey.closing_days or 0))
    )
    query = query.where(Promise.id == only) if only else query
    found = db.session.scalars(query.order_by(Promise.id).limit(BATCH))
    return [p.id for p in found if _too_long(p.response, now)]


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
    if not promise.response.survey.closing_days or not _waiting(promise.response.survey, now, promise.id):
        return 0
    message = _mail(promise, now)
    conclude(promise, "default", message, page_words(_letter(promise, now), promise.response.language), now)
    end(promise, "told", now)
    return 1


def _mail(promise: Promise, now: datetime) -> Message | None:
    response = promise.response
    if promise.channel != "mail" or not response.identity:
        return None
    envelope = Envelope(response.identity)
    written = _letter(promise, now, envelope.status(response), envelope.unsubscribe)
    return send(envelope, written, "default", response.language, now)


def _letter(promise: Promise, now: datetime, status: str = "", unsubscribe: str = "") -> Letter:
    response = promise.response
    words = response.survey.closing_words
    said = words.get(response.language) or words.get(response.survey.language, "")
    part = piece(response, [], [], status)
    return letter("default", response, promise, now, pieces=(part,), reason=said, unsubscribe=unsubscribe)
