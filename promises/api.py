"""REST: move a promise; who was told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import abort
from flask_babel import gettext as _

from core import clock
from core.access import Role, access, load, own, require
from core.api.rest import Blueprint, iso
from core.db import db
from core.errors import DomainError
from core.models import Organisation
from core.voice import speaking
from promises.ledger import Scope, ledger
from promises.models import Promise
from promises.moving import When
from promises.shapes import LedgerAnswer, LedgerQuery
from promises.waiting import waiting
from promises.wording import pledged
from surveys.models import Round, Survey

blueprint = Blueprint("promises_api", __name__, description="Promises, and the proof that they were kept")
FARTHEST = timedelta(days=3660)


def as_json(promise: Promise) -> dict[str, Any]:
    with speaking(promise.response.language, promise.response.survey.organisation):
        what = pledged(promise.kind, promise.because)
    return {
        "id": promise.id,
        "what": what,
        "kind": promise.kind,
        "who": promise.who.name,
        "due_at": iso(promise.due_at),
        "channel": promise.channel,
        "because": promise.because,
        "opened_at": iso(promise.opened_at),
        "ended_at": iso(promise.ended_at),
        "ended_as": promise.ended_as,
    }


def promised_day(text: str) -> When:
    """DomainError for what is no moment, has no zone, or is too far ahead for anybody to promise."""
    try:
        to = _moment(text)
    except ValueError:
        raise DomainError(_("“%(text)s” is not a date. An example is 2026-12-04.", text=text[:40])) from None
    except OverflowError:
        raise DomainError(_("Nobody can be promised a word in that year.")) from None
    if to.at > clock.now() + FARTHEST:
        raise DomainError(_("Nobody can be promised a word more than ten years ahead."))
    return to


def _moment(text: str) -> When:
    if len(text) == len("2026-12-04"):
        return _by_day(date.fromisoformat(text))
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise DomainError(_("A moment needs its time zone. An example is 2026-12-04T16:00:00+01:00."))
    return When(moment.astimezone(UTC), None)


def _by_day(day: date) -> When:
    organisation = db.session.get_one(Organisation, access().organisation_id)
    return When.by(day, organisation.timezone)


@blueprint.get("/ledger")
@require(Role.viewer)
@blueprint.arguments(LedgerQuery, location="query")
@blueprint.response(200, LedgerAnswer)
def who_was_told(query: dict[str, Any]) -> dict[str, Any]:
    """responses = told + promised + unreachable, of the organisation, of one survey, or of one round."""
    scope = _scope(query)
    found, waits = ledger(scope), waiting(scope, clock.now())
    return {
        "responses": found.responses,
        "told": found.told,
        "told_how": found.told_how,
        "told_on_own_page": found.told_page,
        "something_changed": found.something_changed,
        "promised": found.promised,
        "planned": found.planned,
        "waiting": {"people": waits.people, "days": waits.days},
        "unreachable": found.unreachable,
        "missing": found.lost,
        "messages_gone": found.unproven,
        "adds_up": found.adds_up,
    }


def _scope(query: dict[str, Any]) -> Scope:
    survey_id = _survey_id(query["survey"]) if "survey" in query else None
    round_id = load(Round, query["round"]).id if "round" in query else None
    return Scope(access().organisation_id, survey_id, round_id)


def _survey_id(slug: str) -> int:
    found = db.session.scalar(own(Survey).where(Survey.slug == slug)) or abort(404)
    return found.id
