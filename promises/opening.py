"""Open a promise: what, who and when, from the survey's own reply time."""

from datetime import date, datetime, timedelta

from accounts.models import Staff
from accounts.presence import first_present
from core import audit, calendar, clock, rows
from core.db import db
from promises.models import Promise
from surveys.models import COMMENT_KINDS, Response, Survey


def on_response(response: Response, now: datetime) -> None:
    """Whoever answers is owed a word, unless they asked for none or the answer is history."""
    if response.is_test or response.declined_at or response.history:
        return
    due_at, due_on = first_due(response, now)
    open_promise(response, "answer", due_at, due_on, now)


def open_promise(
    response: Response,
    because: str,
    due_at: datetime,
    due_on: date | None,
    now: datetime,
    *,
    kind: str = "update",
    predecessor: Promise | None = None,
    reason: str = "",
) -> Promise:
    """One is open at a time: the database refuses a second."""
    promise = rows.insert(Promise(
        organisation_id=response.organisation_id, response_id=response.id, kind=kind, because=because, reason=reason,
        who_id=follower_id(response.survey, now), channel=response.channel, due_at=due_at, due_on=due_on, opened_at=now,
        predecessor_id=predecessor.id if predecessor else None,
        moves=(predecessor.moves + (because == "moved")) if predecessor else 0,
    ))  # fmt: skip
    audit.record("promise.made", promise, now, due_at=due_at.isoformat(), because=because)
    return promise


def follower(survey: Survey, now: datetime) -> Staff:
    """The named person: the signer, or the deputy while the signer is away or gone."""
    return db.session.get_one(Staff, follower_id(survey, now))


def follower_id(survey: Survey, now: datetime) -> int:
    people = (survey.signer_id, survey.deputy_id)
    return first_present(survey.organisation_id, people, now) or survey.signer_id


def has_comment(response: Response) -> bool:
    return any(a.question.kind in COMMENT_KINDS and a.text for a in response.answers)


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
