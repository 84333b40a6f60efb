"""What came of somebody's last answer, in two sentences: for whoever is asked again by a personal link."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, links
from core.application import words
from core.db import db
from customers.models import Identity
from promises import standing
from promises.models import Promise
from surveys.models_responses import Response


@dataclass(frozen=True, slots=True)
class LastTime:
    """`answered`: when and on what; `since`: what came of it, empty where nothing can be said; `page`: all of it."""

    answered: str
    since: str
    page: str


def last_time(identity: Identity, now: datetime) -> LastTime | None:
    """Of the last answer that was given from this very address; None for who never answered.

    Not of other addresses of the same person: this link was sent to one of them alone.
    """
    response = _last(identity)
    if not response:
        return None
    timezone, survey = response.survey.organisation.timezone, response.survey
    title = words(survey.title, survey.language)
    day = _day(clock.local_date(response.submitted_at, timezone))
    return LastTime(
        _("On %(day)s you answered “%(survey)s”.", day=day, survey=title),
        _since(response, now),
        links.path("status", response.id, response.link_version),
    )


def _last(identity: Identity) -> Response | None:
    theirs = (Response.identity_id == identity.id, Response.erased_at.is_(None), Response.is_test.is_(False))
    query = select(Response).where(*theirs, Response.history.is_(False))
    return db.session.scalar(query.order_by(Response.submitted_at.desc(), Response.id.desc()).limit(1))


def _since(response: Response, now: datetime) -> str:
    found = standing.of(response)
    if found.state == "promised":
        return _owed(response, now)
    if found.state == "unreachable":
        if found.why == "declined":
            return _("You asked us not to report back.")
        return _("Our message about it did not reach you; it stands on your page.")
    return _told().get(found.why, "") if found.state == "told" else ""


def _told() -> dict[str, str]:
    return {
        "done": _("Something was done about it."),
        "wont_do": _("We decided not to do it, and told you why."),
        "already": _("What you asked for was there already, and we told you where."),
        "thanks": _("A person read it and thanked you."),
        "digest": _("You heard what was done with the answers of that month."),
        "default": _("We did not look at it in time, and told you so."),
        "correction": _("We put right what we had told you."),
    }


def _owed(response: Response, now: datetime) -> str:
    """Good or bad: also that the date has passed, or that nobody has heard yet."""
    query = select(Promise).where(Promise.response_id == response.id, Promise.is_open)
    promise = db.session.scalar(query)
    if not promise:
        return _("Our message about it is on its way.")
    day = _day(promise.due_on or clock.local_date(promise.due_at, response.survey.organisation.timezone))
    if promise.due_at < now:
        return _("You were to hear from us by %(day)s. That day has passed: we are late.", day=day)
    if promise.kind == "outcome":
        return _("We plan to do something about it by %(day)s.", day=day)
    return _("You still hear from %(who)s, by %(day)s.", who=promise.who.name, day=day)


def _day(day: date) -> str:
    return format_date(day, "d MMMM y")
