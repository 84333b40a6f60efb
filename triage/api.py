"""REST: comments, actions, and the tags between them."""

from datetime import timedelta
from typing import Any

from flask import Response
from flask_babel import gettext as _
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import Select, select

from accounts.idempotency import once
from core import clock
from core.access import Role, access, load, own, require
from core.db import db, writing
from core.errors import DomainError
from core.models import Organisation
from core.rest import Body, PageQuery, iso, page
from core.settings import settings
from core.text import as_typed
from promises.models import Promise
from surveys.api import colleague
from surveys.models import Answer, Survey
from surveys.models import Response as SurveyResponse
from triage.acting import Decision, decide
from triage.models import EMOTIONS, KINDS, Action, Comment, Tag, Theme
from triage.states import in_state
from triage.tagging import tag, undo

blueprint = Blueprint("triage_api", __name__, description="Comments, actions, and the tags between them")
STATES = ("open", "held", "settled")


class CommentQuery(PageQuery):
    state = fields.String(validate=validate.OneOf(STATES))
    survey = fields.String()
    emotion = fields.String(validate=validate.OneOf(EMOTIONS))
    theme = fields.String()
    q = fields.String()


class CommentAnswer(Schema):
    id = fields.Integer()
    text = fields.String()
    response_id = fields.Integer()
    score = fields.Integer(allow_none=True)
    emotion = fields.String(allow_none=True, validate=validate.OneOf([*EMOTIONS, None]))
    state = fields.String(validate=validate.OneOf(STATES))
    promise_due_at = fields.String(allow_none=True)


class CommentList(Schema):
    data = fields.List(fields.Nested(CommentAnswer))
    next = fields.String(allow_none=True)


class ActionBody(Body):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    title = fields.String(required=True, validate=validate.Length(1, 200))
    public_note = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    owner = fields.Email(load_default=None, allow_none=True)
    due_on = fields.Date(load_default=None, allow_none=True)
    done_on = fields.Date(load_default=None, allow_none=True)
    reason = fields.String(load_default="", validate=validate.Length(max=1000))


class Made(Schema):
    id = fields.Integer()


class TagBody(Body):
    comment_ids = fields.List(fields.Integer(), required=True, validate=validate.Length(1, 5000))
    action_id = fields.Integer(required=True)


class Tagged(Schema):
    tagged = fields.Integer()
    ids = fields.List(fields.Integer())


@blueprint.get("/comments")
@require(Role.viewer)
@blueprint.arguments(CommentQuery, location="query")
@blueprint.response(200, CommentList)
def comments(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's comments, oldest first."""
    rows, following = page(_matching(query), Comment.id, query["after"], query["limit"])
    return {"data": [_as_json(c) for c in rows], "next": following}


def _matching(wanted: dict[str, Any]) -> Select[Comment]:
    query = own(Comment).join(SurveyResponse, SurveyResponse.id == Comment.response_id)
    if "survey" in wanted:
        query = query.join(Survey, Survey.id == SurveyResponse.survey_id).where(Survey.slug == wanted["survey"])
    if "emotion" in wanted:
        query = query.where(Comment.emotion == wanted["emotion"])
    if "theme" in wanted:
        query = query.where(Comment.themes.any(Theme.key == wanted["theme"]))
    if "q" in wanted:
        query = query.join(Answer, Answer.id == Comment.answer_id).where(Answer.text.icontains(wanted["q"], autoescape=True))
    return query.where(in_state(wanted["state"], clock.now())) if "state" in wanted else query


def _as_json(comment: Comment) -> dict[str, Any]:
    owed = db.session.scalar(select(Promise.due_at).where(Promise.response_id == comment.response_id, Promise.is_open))
    return {
        "id": comment.id,
        "text": comment.text,
        "response_id": comment.response_id,
        "score": comment.response.score,
        "emotion": comment.emotion,
        "state": comment.state(clock.now()),
        "promise_due_at": iso(owed),
    }


@blueprint.post("/actions")
@require(Role.agent)
@blueprint.arguments(ActionBody)
@blueprint.alt_response(201, schema=Made)
def act(body: dict[str, Any]) -> Response:
    """Write down what is done, planned, or decided against."""
    return once(lambda: {"id": _decide(body).id})


def _decide(body: dict[str, Any]) -> Action:
    organisation = db.session.get_one(Organisation, access().organisation_id)
    words = {language: as_typed(text) for language, text in body["public_note"].items()}
    decision = Decision(
        body["kind"], body["title"], colleague(body["owner"]).id, words, body["due_on"], body["done_on"], body["reason"]
    )
    now = clock.now()
    action = decide(organisation.id, decision, clock.local_date(now, organisation.timezone), now)
    db.session.flush()
    return action


@blueprint.post("/tags")
@require(Role.agent)
@blueprint.arguments(TagBody)
@blueprint.alt_response(201, schema=Tagged)
def tag_comments(body: dict[str, Any]) -> Response:
    """Tag comments with an action; after the hold everyone is told."""
    return once(lambda: _tag(body))


def _tag(body: dict[str, Any]) -> dict[str, Any]:
    action = load(Action, body["action_id"])
    wanted = list(dict.fromkeys(body["comment_ids"]))
    found = list(db.session.scalars(own(Comment).where(Comment.id.in_(wanted)).order_by(Comment.id)))
    if len(found) < len(wanted):
        unknown = sorted(set(wanted) - {c.id for c in found})
        raise DomainError(_("There is no comment %(ids)s.", ids=", ".join(map(str, unknown[:5]))))
    tags = tag(found, action, access().staff_id, timedelta(minutes=settings().hold_minutes), clock.now())
    return {"tagged": len(tags), "ids": [t.id for t in tags]}


@blueprint.delete("/tags/<int:tag_id>")
@require(Role.agent)
@blueprint.response(204)
def untag(tag_id: int) -> None:
    """Undo a tag within its hold; 409 when it was told already."""
    with writing():
        undo(load(Tag, tag_id), clock.now())
