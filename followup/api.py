"""REST: answers and what became of them; plans that are done; digests that are approved."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response
from flask_babel import gettext as _
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from accounts.idempotency import once
from core import clock, links
from core.access import Role, access, load, require
from core.application import LANGUAGES
from core.db import db, writing
from core.errors import DomainError
from core.models import Organisation
from core.rest import Body, iso, without_null
from customers.recognising import Contact, checked_address
from followup.correcting import tell_done
from followup.models import Verdict
from outbox.models import Message
from promises import standing
from promises.api import as_json as promise_json
from promises.models import Promise, Update
from surveys.answering import Submission, submit
from surveys.api import by_slug
from surveys.building import published
from surveys.kinds import KINDS
from surveys.models import CHANNELS, Survey
from surveys.models import Response as SurveyResponse
from triage.models import Action

blueprint = Blueprint("followup_api", __name__, description="Answers, and what respondents were told")


class CustomerBody(Body):
    email = fields.String()
    name = fields.String(validate=validate.Length(max=200))
    phone = fields.String(validate=validate.Length(max=40))
    external_id = fields.String(validate=validate.Length(max=200))
    language = fields.String(validate=validate.OneOf(LANGUAGES))
    channel = fields.String(validate=validate.OneOf([*CHANNELS, "none"]))


class ResponseBody(Body):
    answers = fields.Dict(keys=fields.String(), required=True)
    customer = fields.Nested(CustomerBody, load_default=None, allow_none=True)
    submitted_at = fields.AwareDateTime(load_default=None, allow_none=True)
    follow_up = fields.Boolean(load_default=True)


class ActionPatch(Body):
    kind = fields.String(required=True, validate=validate.OneOf(["done"]))
    done_on = fields.Date(load_default=None, allow_none=True)


class ResponseAnswer(Schema):
    id = fields.Integer()
    status_url = fields.String()
    state = fields.String(validate=validate.OneOf(["told", "promised", "unreachable", "missing"]))
    reason = fields.String()
    promise = fields.Dict(allow_none=True)
    promises = fields.List(fields.Dict())
    messages = fields.List(fields.Dict())
    verdict = fields.Dict(allow_none=True)


@blueprint.post("/surveys/<slug>/responses")
@require(Role.agent)
@blueprint.arguments(ResponseBody)
@blueprint.alt_response(201, schema=ResponseAnswer)
def answer(body: dict[str, Any], slug: str) -> Response:
    """Record an answer that came in elsewhere; it is followed up like any other."""
    return once(lambda: _answered(submit(by_slug(slug), _submission(by_slug(slug), without_null(body)), clock.now())))


def _submission(survey: Survey, body: dict[str, Any]) -> Submission:
    customer = body.get("customer", {})
    email = checked_address(customer["email"]) if customer.get("email") else ""
    contact = Contact(customer.get("name", ""), email, customer.get("phone", ""), customer.get("external_id", ""), customer.get("language", ""))
    return Submission(
        answers=_answers(survey, body["answers"]), contact=contact, language=customer.get("language", survey.language),
        wants=customer.get("channel", "mail"), nonce=secrets.token_urlsafe(16), source="api",
        submitted_at=_not_later(body.get("submitted_at")), history=not body.get("follow_up", True),
    )  # fmt: skip


def _answers(survey: Survey, sent: Mapping[str, Any]) -> dict[str, tuple[float | None, str | None]]:
    """Read by the kinds of the published questions; a sentence for whatever does not fit."""
    version = published(survey)
    questions = {q.key: q for q in version.questions} if version else {}
    unknown = sorted(set(sent) - set(questions))
    if unknown and version:
        raise DomainError(_("This survey has no question “%(key)s”.", key=unknown[0][:40]))
    values = {key: KINDS[q.kind].read(q, sent.get(key)) for key, q in questions.items()}
    lacking = [key for key, q in questions.items() if q.required and q.kind != "contact" and not values[key]]
    if lacking:
        raise DomainError(_("The question “%(key)s” needs an answer.", key=lacking[0]))
    return {key: (value.number, value.text) for key, value in values.items() if value}


def _not_later(moment: datetime | None) -> datetime | None:
    if moment and moment > clock.now():
        raise DomainError(_("An answer cannot have been given in the future."))
    return moment


def _answered(response: SurveyResponse) -> dict[str, Any]:
    db.session.flush()
    promise = db.session.scalar(select(Promise).where(Promise.response_id == response.id, Promise.is_open))
    stands = standing.of(response)
    return {
        "id": response.id,
        "status_url": links.url("status", response.id, response.link_version),
        "state": stands.state,
        **({"reason": stands.why} if stands.state == "unreachable" else {}),
        "promise": promise_json(promise) if promise else None,
    }


@blueprint.get("/responses/<int:response_id>")
@require(Role.viewer)
@blueprint.response(200, ResponseAnswer)
def response(response_id: int) -> dict[str, Any]:
    """Where a response stands: its promises, its messages with the server's words, its verdict."""
    found = load(SurveyResponse, response_id)
    promises = db.session.scalars(select(Promise).where(Promise.response_id == found.id).order_by(Promise.id))
    return {
        **_answered(found),
        "promises": [promise_json(p) for p in promises],
        "messages": [_message_json(m) for m in _messages(found)],
        "verdict": _verdict(found),
    }


def _messages(found: SurveyResponse) -> list[Message]:
    carried = select(Update.message_id).join(Promise).where(Promise.response_id == found.id)
    return list(db.session.scalars(select(Message).where(Message.id.in_(carried)).order_by(Message.id)))


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
    last = db.session.scalar(select(Verdict).where(Verdict.response_id == found.id).order_by(Verdict.id.desc()).limit(1))
    return {"clear": last.clear, "solved": last.solved, "words": last.words, "at": iso(last.created_at)} if last else None


@blueprint.patch("/actions/<int:action_id>")
@require(Role.agent)
@blueprint.arguments(ActionPatch)
def done(body: dict[str, Any], action_id: int) -> dict[str, Any]:
    """A plan is done: everyone who was told it is planned hears so."""
    now = clock.now()
    with writing():
        action = load(Action, action_id)
        timezone = db.session.get_one(Organisation, access().organisation_id).timezone
        told = tell_done(action, body["done_on"] or clock.local_date(now, timezone), now)
    return {"id": action_id, "kind": "done", "told_again": told}
