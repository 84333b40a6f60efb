"""REST: a plan that will be late, and a word on how something stands."""

from datetime import date
from typing import Any

from flask import Response

from accounts.idempotency import once
from core import clock
from core.access import Role, access, load, require
from core.db import db
from followup.api import blueprint
from followup.plans.delaying import delay
from followup.plans.progressing import tell_progress
from followup.shapes import PlanMoveBody, PlanMoved, ProgressBody
from promises.api import as_json, promised_day
from promises.models import Promise
from promises.shapes import PromiseAnswer
from triage.api import day_off, today
from triage.models import Action
from triage.writing import overruling
from triage.writing.checking import Setting
from triage.writing.overruling import Spoken


@blueprint.post("/actions/<int:action_id>/moves")
@require(Role.agent)
@blueprint.arguments(PlanMoveBody)
@blueprint.alt_response(201, schema=PlanMoved)
def plan_moves(body: dict[str, Any], action_id: int) -> Response:
    """Move a plan before its date passes: everyone who was told the old date hears the new one and why."""
    load(Action, action_id)
    return once(lambda: _moved(load(Action, action_id), body["due_on"], body))


def _moved(action: Action, due_on: date, body: dict[str, Any]) -> dict[str, Any]:
    reasons = body["reason"]
    kept = overruling.judge(overruling.each(reasons, Setting(day=due_on)), body["overrule"], today())
    overruling.record(action, kept, clock.now())
    told = delay(action, due_on, reasons, access().role, clock.now())
    day = action.day
    return {
        "id": action.id,
        "due_on": day.isoformat() if day else None,
        "moves": action.moves,
        "told_again": told,
        **day_off(due_on),
    }


@blueprint.post("/promises/<int:promise_id>/progress")
@require(Role.agent)
@blueprint.arguments(ProgressBody)
@blueprint.alt_response(201, schema=PromiseAnswer)
def progress(body: dict[str, Any], promise_id: int) -> Response:
    """Say how it stands, now; answers the promise of the next update, which the same message announces."""
    return once(lambda: _told(load(Promise, promise_id), body))


def _told(promise: Promise, body: dict[str, Any]) -> dict[str, Any]:
    spoken = [Spoken("words", promise.response.language, body["words"])]
    overruling.record(promise, overruling.judge(spoken, body["overrule"], today()), clock.now())
    successor = tell_progress(promise, body["words"], promised_day(body["due_at"]), clock.now())
    db.session.flush()
    return as_json(successor)
