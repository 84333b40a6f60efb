"""REST: move one promise before it falls due."""

from typing import Any

from flask import Response
from flask_babel import gettext as _

from accounts.idempotency import once
from core import calendar, clock
from core.access import Role, access, load, require
from core.application import language_name
from core.db import db
from core.models import Organisation
from followup.api import blueprint
from followup.plans.shapes import MoveBody
from promises.api import as_json, promised_day
from promises.models import Promise
from promises.moving import move
from promises.shapes import PromiseAnswer
from triage.api import today
from triage.writing import overruling
from triage.writing.overruling import Spoken


@blueprint.post("/promises/<int:promise_id>/moves")
@require(Role.agent)
@blueprint.arguments(MoveBody)
@blueprint.alt_response(201, schema=PromiseAnswer)
def moves(body: dict[str, Any], promise_id: int) -> Response:
    """Move a promise before it falls due; answers the successor that the next message announces."""
    return once(lambda: _move(load(Promise, promise_id), body))


def _move(promise: Promise, body: dict[str, Any]) -> dict[str, Any]:
    to, language = promised_day(body["due_at"]), promise.response.language
    spoken = [Spoken("reason", said_in or language, said) for said_in, said in body["reason"].items()]
    kept = overruling.judge(spoken, body["overrule"], today())
    successor = move(promise, to, body["reason"], access().role, clock.now())
    overruling.record(promise, kept, clock.now())
    db.session.flush()
    organisation = db.session.get_one(Organisation, access().organisation_id)
    day_off = calendar.objection(to.on, organisation) if to.on else ""
    notice = " ".join(part for part in (day_off, _foreign(language, body["reason"])) if part)
    return as_json(successor) | ({"notice": notice} if notice else {})


def _foreign(language: str, reasons: dict[str, str]) -> str:
    """Whoever wrote plain words knows in which language; words per language may lack the one that counts."""
    if "" in reasons or reasons.get(language, "").strip():
        return ""
    said = {"language": language_name(language)}
    return _("They chose %(language)s, and nobody wrote the reason in %(language)s.", **said)
