"""Open a promise: what, who and when, from the survey's own reply time."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from accounts.models import Staff
from accounts.presence import first_present
from core import audit, calendar, clock, rows
from core.db import db
from promises.ending import end
from promises.models import Promise
from surveys.models import COMMENT_KINDS, Survey
from surveys.models_responses import Response
from surveys.said import newest


def on_response(response: Response, now: datetime) -> None:
    """Whoever answers is owed a word, unless they asked for none or the answer is history."""
    if response.is_test or response.declined_at or response.history:
        return
    due_at, due_on = first_due(response, now)
    open_promise(response, "answer", due_at, due_on, now)


def open_promise(  # noqa: PLR0913
    response: Response,
    because: str,
    due_at: datetime,
    due_on: date | None,
    now: datetime,
    *,
    kind: str = "update",
    predecessor: Promise | None = None,
    reason: str = "",
    who: Staff | None = None,
) -> Promise:
    """One is open at a time: the database refuses a second. `who`: whoever took it, while they are at their desk."""
    promise = rows.insert(rows.new(
        Promise, organisation_id=response.organisation_id, response_id=response.id, kind=kind, because=because, reason=reason,
        who_id=follower_id(response.survey, now, who), channel=response.channel, due_at=due_at, due_on=due_on, opened_at=now,
        predecessor_id=predecessor.id if predecessor else None,
        moves=(predecessor.moves + (because == "moved")) if predecessor else 0,
    ))  # fmt: skip
    audit.record("promise.made", promise, now, due_at=due_at.isoformat(), because=because)
    return promise


def owe(response: Response, because: str, now: datetime, who: Staff | None = None) -> Promise:
    """A word within the reply time. What lies further off makes way for it, and is promised again by that word."""
    due_at, due_on = due(response.survey, now)
    held = db.session.scalar(select(Promise).where(Promise.response_id == response.id, Promise.is_open))
    if held and held.due_at <= due_at:
        return held
    if held:
        end(held, "cancelled", now)
        db.session.flush()
    return open_promise(response, because, due_at, due_on, now, predecessor=held, who=who)


def follower(survey: Survey, now: datetime, taken_by: Staff | None = None) -> Staff:
    """The named person: whoever took it, else the signer; the deputy while they are away or gone."""
    return db.session.get_one(Staff, follower_id(survey, now, taken_by))


def follower_id(survey: Survey, now: datetime, taken_by: Staff | None = None) -> int:
    in_turn = (taken_by.id if taken_by else None, survey.signer_id, survey.deputy_id)
    return first_present(survey.organisation_id, in_turn, now) or survey.signer_id


def has_comment(response: Response) -> bool:
    return any(a.question.kind in COMMENT_KINDS and a.text for a in newest(response))


def first_due(response: Response, now: datetime) -> tuple[datetime, date | None]:
    """A comment is answered within the reply time; a bare score by the round's digest."""
    if has_comment(response):
        return due(response.survey, now)
    return _by_day(response.survey, max(response.round.ends_on, _today(response.survey, now)))


def due(survey: Survey, now: datetime) -> tuple[datetime, date | None]:
    """(moment, local day) of the survey's reply time counted from `now`; no day for a promise in hours."""
    if survey.reply_hours:
        return now + timedelta(hours=survey.reply_hours), None
    return _by_day(survey, _today(survey, now))


def _by_day(survey: Survey, start: date) -> tuple[datetime, date]:
    organisation = survey.organisation
    day = calendar.add_working_days(start, survey.reply_working_days or 1, organisation.country)
    return clock.end_of_day(day, organisation.timezone), day


def due_today(survey: Survey, now: datetime) -> tuple[datetime, date]:
    """A correction is owed on the day it is made."""
    day = _today(survey, now)
    return clock.end_of_day(day, survey.organisation.timezone), day


def _today(survey: Survey, now: datetime) -> date:
    return clock.local_date(now, survey.organisation.timezone)
