"""Still working on it: before the date, a person says how it stands, and by when there is more."""

from datetime import datetime

from flask_babel import gettext as _

from core.db import db
from core.errors import Conflict, DomainError
from core.text import as_typed
from followup.carrying import tell_ending, written_to, written_today
from followup.letters import Letter, letter, piece
from followup.plans.planning import taken_by, waiting_plans
from promises.ending import end
from promises.models import Promise
from promises.moving import When
from promises.opening import open_promise

WORDS = 2000


def tell_progress(promise: Promise, words: str, to: When, now: datetime) -> Promise:
    """End an update promise with a person's own words, now; returns what the same message promises next."""
    _refuse(promise, words, to, now)
    end(promise, "told", now)
    db.session.flush()
    response = promise.response
    successor = open_promise(
        response, "progress", to.at, to.on, now, predecessor=promise, reason=as_typed(words, WORDS).strip(), who=taken_by(response)
    )  # fmt: skip
    tell_ending(
        promise, "progress", lambda status, stop: _letter(successor, now, status, stop), now, successor
    )
    return successor


def _refuse(promise: Promise, words: str, to: When, now: datetime) -> None:
    if promise.ended_at:
        raise Conflict(_("This promise has ended already."))
    if promise.kind == "outcome":
        raise Conflict(
            _(
                "An outcome was promised. Move the plan, or mark it as done: everyone who was told it hears so."
            )
        )
    if not words.strip():
        raise DomainError(_("Say how it stands, in words the respondent reads."))
    if to.at <= now:
        raise DomainError(_("The next date lies in the past."))
    identity = written_to(promise)
    timezone = promise.response.survey.organisation.timezone
    if identity and written_today(identity, timezone, now):
        raise Conflict(_("They were written to today. One message a day is enough: tell them tomorrow."))


def _letter(successor: Promise, now: datetime, status: str, unsubscribe: str) -> Letter:
    response = successor.response
    part = piece(response, [], [], status, waiting=waiting_plans(response))
    return letter(
        "progress", response, successor, now, pieces=(part,), next_promise=successor, unsubscribe=unsubscribe
    )
