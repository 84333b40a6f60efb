"""REST: answers and what became of them; plans that are done."""

from datetime import date
from typing import Any

from flask import Response, jsonify
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.idempotency import once
from core import clock, links
from core.access import Role, access, load, require
from core.api.rest import Blueprint, iso
from core.db import db, writing
from core.errors import DomainError
from followup.closing import closing_of
from followup.models import CheckBack, Verdict
from followup.sent_answers import submission
from followup.shapes import (
    ActionDone,
    ActionPatch,
    Corrected,
    ResponseAnswer,
    ResponseBody,
    Submitted,
)
from followup.steps.api import as_json as step_json
from followup.steps.api import waits
from followup.steps.shapes import ActionWaits
from followup.steps.stepping import Taken, take_correction, take_done
from outbox.models import Message
from promises import standing
from promises.api import as_json as promise_json
from promises.models import Promise, Update
from surveys.answering import submit
from surveys.api import by_slug
from surveys.models_responses import Response as SurveyResponse
from triage.api import decided, today
from triage.models import Action
from triage.shapes import ActionBody

blueprint = Blueprint("followup_api", __name__, description="Answers, and what respondents were told")


@blueprint.post("/surveys/<slug>/responses")
@require(Role.agent)
@blueprint.arguments(ResponseBody)
@blueprint.alt_response(201, schema=Submitted)
def answer(body: dict[str, Any], slug: str) -> Response:
    """Record an answer that came in elsewhere; it is followed up like any other."""
    return once(
        lambda: _answered(submit(by_slug(slug), submission(by_slug(slug), body, clock.now()), clock.now()))
    )


def _answered(response: SurveyResponse) -> dict[str, Any]:
    db.session.flush()
    promise = db.session.scalar(select(Promise).where(Promise.response_id == response.id, Promise.is_open))
    return {
        **_stands(response),
        "status_url": links.url("status", response.id, response.link_version),
        "promise": promise_json(promise) if promise else None,
    }


def _stands(response: SurveyResponse) -> dict[str, Any]:
    found = standing.of(response)
    return {
        "id": response.id,
        "state": found.state,
        **({"reason": found.why} if found.state == "unreachable" else {}),
    }


@blueprint.get("/responses/<int:response_id>")
@require(Role.viewer)
@blueprint.response(200, ResponseAnswer)
def response(response_id: int) -> dict[str, Any]:
    """Where a response stands: its promises, its messages with the server's words, its verdict."""
    found = load(SurveyResponse, response_id)
    promises = db.session.scalars(select(Promise).where(Promise.response_id == found.id).order_by(Promise.id))
    return {
        **_stands(found),
        "promises": [promise_json(p) for p in promises],
        "messages": [_message_json(m) for m in _messages(found)],
        "verdict": _verdict(found),
    }


def _messages(found: SurveyResponse) -> list[Message]:
    carried = select(Update.message_id).join(Promise).where(Promise.response_id == found.id)
    asked = select(CheckBack.message_id).where(CheckBack.response_id == found.id)
    of_theirs = Message.id.in_(carried) | Message.id.in_(asked)
    return list(db.session.scalars(select(Message).where(of_theirs).order_by(Message.id)))


def _message_json(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "kind": message.kind,
        "state": message.state,
        "subject": message.subject,
        "sent_at": iso(message.sent_at),
        "server_reply": message.server_reply,
    }


def _verdict(found: SurveyResponse) -> dict[str, Any] | None:
    """What they said last, or that they said nothing for ten days."""
    closed, at = closing_of(found, clock.now())
    last = db.session.scalar(
        select(Verdict).where(Verdict.response_id == found.id).order_by(Verdict.id.desc()).limit(1)
    )
    if closed == "silence" or not last:
        silence = {"clear": None, "solved": None, "words": "", "emotion": None, "at": iso(at)}
        return {**silence, "closing": closed} if closed else None
    said = {"clear": last.clear, "solved": last.solved, "words": last.words, "emotion": last.emotion}
    return {**said, "at": iso(last.created_at), "closing": closed or None}


@blueprint.patch("/actions/<int:action_id>")
@require(Role.agent)
@blueprint.arguments(ActionPatch)
@blueprint.response(200, ActionDone)
@blueprint.alt_response(202, schema=ActionWaits)
def done(body: dict[str, Any], action_id: int) -> Any:
    """A plan is done: everyone who was told it is planned hears so. 202: so many that a manager looks first."""
    with writing():
        taken = _tell(load(Action, action_id), body["done_on"])
        waiting = {"id": action_id, "large_step": step_json(taken.step)} if taken.step else None
    return (
        (jsonify(waiting), 202)
        if waiting
        else {"id": action_id, "kind": "done", "told_again": taken.count, "told_by_digest": taken.by_digest}
    )


def _tell(action: Action, done_on: date | None) -> Taken:
    if done_on and done_on > today():
        raise DomainError(_("What is done was not done in the future."))
    return take_done(action, done_on or today(), access().staff_id, clock.now())


@blueprint.post("/actions/<int:action_id>/correction")
@require(Role.manager)
@blueprint.arguments(ActionBody)
@blueprint.alt_response(201, schema=Corrected)
@blueprint.alt_response(202, schema=ActionWaits)
def correction(body: dict[str, Any], action_id: int) -> Response:
    """What was told was wrong: everyone who was told it hears what holds now. 202: so many that a manager looks first."""
    return once(lambda: _corrected(load(Action, action_id), body), waits)


def _corrected(wrong: Action, body: dict[str, Any]) -> dict[str, Any]:
    right = decided(body, corrects=wrong)
    taken = take_correction(wrong, right, access().staff_id, clock.now())
    if taken.step:
        return {"id": right.id, "large_step": step_json(taken.step)}
    return {"id": right.id, "told_again": taken.count, "told_by_digest": taken.by_digest}
