"""REST: move a promise; who was told."""

from datetime import date, datetime
from typing import Any

from flask import Response, abort
from flask_babel import gettext as _
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from accounts.idempotency import once
from core import clock
from core.access import Role, access, load, own, require
from core.db import db
from core.errors import DomainError
from core.models import Organisation
from core.rest import Body, iso
from promises.ledger import Scope, ledger
from promises.models import Promise
from promises.moving import When, move
from surveys.models import Survey

blueprint = Blueprint("promises_api", __name__, description="Promises, and the proof that they were kept")


class MoveBody(Body):
    due_at = fields.String(required=True, metadata={"description": "A date, or a moment in ISO 8601."})
    reason = fields.String(required=True)


class LedgerQuery(Schema):
    survey = fields.String()


class LedgerAnswer(Schema):
    responses = fields.Integer()
    told = fields.Integer()
    told_how = fields.Dict(keys=fields.String(), values=fields.Integer())
    told_on_own_page = fields.Dict(keys=fields.String(), values=fields.Integer())
    promised = fields.Integer()
    unreachable = fields.Dict(keys=fields.String(), values=fields.Integer())
    missing = fields.Integer(metadata={"description": "Responses of which a row that must be there is not."})
    messages_gone = fields.Integer(metadata={"description": "Messages whose row was deleted."})
    adds_up = fields.Boolean()


def as_json(promise: Promise) -> dict[str, Any]:
    return {
        "id": promise.id,
        "what": promise.kind,
        "who": promise.who.name,
        "due_at": iso(promise.due_at),
        "channel": promise.channel,
        "because": promise.because,
        "opened_at": iso(promise.opened_at),
        "ended_at": iso(promise.ended_at),
        "ended_as": promise.ended_as,
    }


@blueprint.post("/promises/<int:promise_id>/moves")
@require(Role.agent)
@blueprint.arguments(MoveBody)
def moves(body: dict[str, Any], promise_id: int) -> Response:
    """Move a promise before it falls due; answers the successor that the next message announces."""
    return once(lambda: _move(load(Promise, promise_id), body))


def _move(promise: Promise, body: dict[str, Any]) -> dict[str, Any]:
    successor = move(promise, _when(body["due_at"]), body["reason"], access().role, clock.now())
    db.session.flush()
    return as_json(successor)


def _when(text: str) -> When:
    timezone = db.session.get_one(Organisation, access().organisation_id).timezone
    try:
        if len(text) == 10:
            return When.by(date.fromisoformat(text), timezone)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise DomainError(_("“%(text)s” is not a date. An example is 2026-12-04.", text=text[:40])) from None
    if moment.tzinfo is None:
        raise DomainError(_("A moment needs its time zone. An example is 2026-12-04T16:00:00+01:00."))
    return When(moment, None)


@blueprint.get("/ledger")
@require(Role.viewer)
@blueprint.arguments(LedgerQuery, location="query")
@blueprint.response(200, LedgerAnswer)
def who_was_told(query: dict[str, Any]) -> dict[str, Any]:
    """responses = told + promised + unreachable, of the organisation or of one survey."""
    survey = db.session.scalar(own(Survey).where(Survey.slug == query["survey"])) or abort(404) if "survey" in query else None
    found = ledger(Scope(access().organisation_id, survey.id if survey else None))
    return {
        "responses": found.responses,
        "told": found.told,
        "told_how": found.told_how,
        "told_on_own_page": found.told_page,
        "promised": found.promised,
        "unreachable": found.unreachable,
        "missing": found.lost,
        "messages_gone": found.unproven,
        "adds_up": found.adds_up,
    }
