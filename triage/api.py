"""REST: comments, actions, and the end of a tag."""

from datetime import date
from typing import Any

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from accounts.idempotency import once
from core import calendar, clock
from core.access import Role, access, load, own, require
from core.api.rest import Blueprint, iso, list_of, page
from core.db import Rows, db, writing
from core.models import Organisation
from core.text import as_typed
from promises.models import Promise
from surveys.api import by_slug, colleague
from triage.acting import Decision, decide
from triage.inbox.conditions import met_by
from triage.inbox.filters import Filters
from triage.inbox.finding import Matches
from triage.inbox.seeking import sought
from triage.joining import tags_of_one
from triage.models import Action, Comment, Tag
from triage.models_index import CommentIndex
from triage.shapes import ActionBody, ActionMade, CommentAnswer, CommentQuery
from triage.states import in_state
from triage.tagging import undo
from triage.writing import overruling
from triage.writing.checking import DUE_ON, Setting
from triage.writing.overruling import Spoken

blueprint = Blueprint("triage_api", __name__, description="Comments and actions")


@blueprint.get("/comments")
@require(Role.viewer)
@blueprint.arguments(CommentQuery, location="query")
@blueprint.response(200, list_of(CommentAnswer))
def comments(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's comments, oldest first."""
    rows, following = page(_matching(query), Comment.id, query["after"], query["limit"])
    owed = _owed([c.response_id for c in rows])
    return {"data": [_as_json(c, owed.get(c.response_id)) for c in rows], "next": following}


def _matching(wanted: dict[str, Any]) -> Rows:
    """404 for another's survey."""
    if "survey" in wanted:
        by_slug(wanted["survey"])
    asked = Filters.read({name: value for name, value in wanted.items() if isinstance(value, str)})
    organisation = db.session.get_one(Organisation, access().organisation_id)
    what = sought(organisation.id, asked, organisation.timezone, access().staff_id)
    query = (
        own(Comment)
        .join(CommentIndex, CommentIndex.comment_id == Comment.id)
        .where(met_by(what, Matches(what).few))
    )
    query = query.where(in_state(wanted["state"], clock.now())) if "state" in wanted else query
    return query.options(joinedload(Comment.answer), joinedload(Comment.response), selectinload(Comment.tags))


def _owed(response_ids: list[int]) -> dict[int, str | None]:
    """response → when its open promise falls due"""
    query = select(Promise.response_id, Promise.due_at).where(
        Promise.is_open, Promise.response_id.in_(response_ids)
    )
    return {response_id: iso(due_at) for response_id, due_at in db.session.execute(query)}


def _as_json(comment: Comment, owed: str | None) -> dict[str, Any]:
    return {
        "id": comment.id,
        "text": comment.text,
        "response_id": comment.response_id,
        "score": comment.response.score,
        "emotion": comment.emotion,
        "state": comment.state(clock.now()),
        "promise_due_at": owed,
    }


@blueprint.post("/actions")
@require(Role.agent)
@blueprint.arguments(ActionBody)
@blueprint.alt_response(201, schema=ActionMade)
def act(body: dict[str, Any]) -> Response:
    """Write down what is done, planned, or decided against."""
    return once(lambda: {"id": decided(body).id, **day_off(body["due_on"])})


def decided(body: dict[str, Any], corrects: Action | None = None) -> Action:
    """Inside `writing()`: the action that a body describes; DomainError with what is missing."""
    words, owner = {x: as_typed(text) for x, text in body["public_note"].items()}, colleague(body["owner"])
    decision = Decision(
        body["kind"], body["title"], owner.id, words, body["due_on"], body["done_on"], body["reason"],
        check_back_days=body["check_back_days"], overrule=overruling.judge(_spoken(body, words, owner.name), body["overrule"], today()),
    )  # fmt: skip
    action = decide(access().organisation_id, decision, today(), clock.now(), corrects)
    db.session.flush()
    return action


def _spoken(body: dict[str, Any], words: dict[str, str], who: str) -> list[Spoken]:
    """The words in each language, and the reason in the first of them."""
    kind, mark = body["kind"], DUE_ON if body["kind"] == "planned" else ""
    first = next((language for language, text in words.items() if text.strip()), "")
    reason = Spoken("reason", first, body["reason"], Setting(kind if kind == "wont_do" else ""))
    return [*overruling.each(words, Setting(kind, who=who, day=body["due_on"], mark=mark)), reason]


def day_off(day: date | None) -> dict[str, str]:
    """A program may mean a weekend or a public holiday: it is taken, and said."""
    organisation = db.session.get_one(Organisation, access().organisation_id)
    notice = calendar.objection(day, organisation) if day else ""
    return {"notice": notice} if notice else {}


def today() -> date:
    """On the organisation's own calendar."""
    timezone = db.session.get_one(Organisation, access().organisation_id).timezone
    return clock.local_date(clock.now(), timezone)


@blueprint.delete("/tags/<int:tag_id>")
@require(Role.agent)
@blueprint.response(204)
def untag(tag_id: int) -> None:
    """Undo a tag within its hold; 409 when it was told already."""
    with writing():
        for tag in tags_of_one(load(Tag, tag_id)):
            undo(tag, clock.now())
