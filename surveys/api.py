"""REST: surveys. What a response is owed is shown higher up, so answers are posted in followup/api.py."""

from datetime import datetime
from typing import Any

from flask import Response, abort
from flask_babel import gettext as _
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from accounts.idempotency import once
from accounts.models import Membership, Staff
from core import clock, links
from core.access import Role, access, own, require
from core.db import db, writing
from core.errors import DomainError
from core.rest import Body, PageQuery, iso, page
from surveys.building import Draft, ReplyTime, close_survey, create_survey, open_survey
from surveys.kinds import KINDS
from surveys.models import Survey

blueprint = Blueprint("surveys_api", __name__, description="Surveys and their questions")


class ChoiceBody(Body):
    key = fields.String(required=True)
    words = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class QuestionBody(Body):
    key = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,38}$"))
    type = fields.String(required=True, validate=validate.OneOf(sorted(KINDS)))
    prompt = fields.Raw(required=True, metadata={"description": "Words in the survey's language, or {language: words}."})
    required = fields.Boolean(load_default=False)
    choices = fields.List(fields.Raw(), load_default=list)


class SurveyBody(Body):
    title = fields.Raw(required=True, metadata={"description": "Words, or {language: words}."})
    slug = fields.String(required=True)
    language = fields.String(load_default="nl", validate=validate.OneOf(["nl", "en"]))
    signer = fields.Email(load_default=None, allow_none=True)
    deputy = fields.Email(load_default=None, allow_none=True)
    reply_within_days = fields.Integer(load_default=5, validate=validate.Range(1, 60))
    questions = fields.List(fields.Nested(QuestionBody), required=True)


class SurveyAnswer(Schema):
    id = fields.Integer()
    slug = fields.String()
    url = fields.String()
    state = fields.String(validate=validate.OneOf(["draft", "open", "closed"]))
    title = fields.Dict()
    language = fields.String()
    opened_at = fields.String(allow_none=True)
    closed_at = fields.String(allow_none=True)


def as_json(survey: Survey) -> dict[str, Any]:
    return {
        "id": survey.id,
        "slug": survey.slug,
        "url": links.public_url(f"/s/{survey.slug}"),
        "state": survey.state,
        "title": survey.title,
        "language": survey.language,
        "opened_at": iso(survey.opened_at),
        "closed_at": iso(survey.closed_at),
    }


def by_slug(slug: str) -> Survey:
    """The organisation's own survey; 404 for another's."""
    return db.session.scalar(own(Survey).where(Survey.slug == slug)) or abort(404)


@blueprint.get("/surveys")
@require(Role.viewer)
@blueprint.arguments(PageQuery, location="query")
def surveys(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's surveys, oldest first."""
    rows, following = page(own(Survey), Survey.id, query["after"], query["limit"])
    return {"data": [as_json(s) for s in rows], "next": following}


@blueprint.post("/surveys")
@require(Role.manager)
@blueprint.arguments(SurveyBody)
@blueprint.alt_response(201, schema=SurveyAnswer)
def create(body: dict[str, Any]) -> Response:
    """Make a survey; it takes answers once it is opened."""
    return once(lambda: as_json(_create(body, clock.now())))


@blueprint.get("/surveys/<slug>")
@require(Role.viewer)
@blueprint.response(200, SurveyAnswer)
def survey(slug: str) -> dict[str, Any]:
    return as_json(by_slug(slug))


@blueprint.post("/surveys/<slug>/opening")
@require(Role.manager)
@blueprint.response(200, SurveyAnswer)
def opening(slug: str) -> dict[str, Any]:
    """Publish the survey and let customers answer."""
    with writing():
        open_survey(by_slug(slug), clock.now())
    return as_json(by_slug(slug))


@blueprint.delete("/surveys/<slug>/opening")
@require(Role.manager)
@blueprint.response(200, SurveyAnswer)
def closing(slug: str) -> dict[str, Any]:
    """Close the survey."""
    with writing():
        close_survey(by_slug(slug), clock.now())
    return as_json(by_slug(slug))


def _create(body: dict[str, Any], now: datetime) -> Survey:
    language = body["language"]
    deputy = body["deputy"]
    return create_survey(
        access().organisation_id, body["slug"], _words(body["title"], language), language,
        colleague(body["signer"]).id, [_draft(q, language) for q in body["questions"]], now,
        deputy_id=colleague(deputy).id if deputy else None, reply=ReplyTime(body["reply_within_days"]),
    )  # fmt: skip


def _draft(question: dict[str, Any], language: str) -> Draft:
    choices = [_choice(c, language) for c in question["choices"]]
    prompt = _words(question["prompt"], language)
    return Draft(question["key"], question["type"], prompt, question["required"], options={"choices": choices} if choices else {})


def _choice(choice: Any, language: str) -> dict[str, Any]:
    if isinstance(choice, dict):
        return {"key": str(choice["key"]), "words": _words(choice.get("words", choice["key"]), language)}
    return {"key": str(choice), "words": {language: str(choice)}}


def _words(words: Any, language: str) -> dict[str, str]:
    held = words if isinstance(words, dict) else {language: words}
    if not held or not all(isinstance(text, str) and text.strip() for text in held.values()):
        raise DomainError(_("A title and a prompt are words, or words per language."))
    return dict(held)


def colleague(email: str | None) -> Staff:
    """A colleague by mail address; the organisation's first person when none is named."""
    query = select(Staff).join(Membership).where(Membership.organisation_id == access().organisation_id, Membership.left_at.is_(None))
    named = query.where(Staff.email == email.strip().lower()) if email else query.order_by(Membership.id).limit(1)
    found = db.session.scalar(named)
    if not found:
        raise DomainError(_("Nobody here has the mail address “%(email)s”.", email=email or ""))
    return found
