"""REST: tagging comments with an action, and the large steps that wait for a manager."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Response
from flask_babel import gettext as _

from accounts.idempotency import once
from core import clock
from core.access import Role, access, allowed, load, own, require
from core.api.rest import Blueprint, iso, list_of, page
from core.db import db
from core.errors import DomainError
from core.settings import settings
from followup.models import LargeStep
from followup.steps import large_steps
from followup.steps.large_steps import waiting
from followup.steps.sampling import samples
from followup.steps.shapes import LargeStepAnswer, LargeStepQuery, RefusalBody, Tagged
from followup.steps.stepping import take_tags
from triage import queries
from triage.api import today
from triage.models import Action, Comment, Tag
from triage.parting import keep_part
from triage.shapes import TagBody

blueprint = Blueprint("steps_api", __name__, description="Tags, and large steps that wait for a manager")


@blueprint.post("/tags")
@require(Role.agent)
@blueprint.arguments(TagBody)
@blueprint.alt_response(201, schema=Tagged)
@blueprint.alt_response(202, schema=Tagged)
def tag_comments(body: dict[str, Any]) -> Response:
    """Tag comments with an action; after the hold everyone is told. 202: so many that a manager looks first."""
    return once(lambda: _tag(body), waits)


def waits(made: dict[str, Any]) -> int:
    return 202 if "large_step" in made else 201


def _tag(body: dict[str, Any]) -> dict[str, Any]:
    if body["part"] and len(set(body["comment_ids"])) > 1:
        raise DomainError(_("A part is of one comment: name that one alone."))
    action, now = load(Action, body["action_id"]), clock.now()
    hold_for = timedelta(minutes=settings().hold_minutes)
    taken = take_tags(
        _comments(body["comment_ids"]),
        action,
        access().staff_id,
        hold_for,
        today(),
        now,
        may_approve=allowed(Role.manager),
    )
    if body["part"]:
        _keep_part(taken.tags, body["part"])
    return {
        "tagged": len(taken.tags),
        "ids": [t.id for t in taken.tags],
        **({"large_step": as_json(taken.step)} if taken.step else {}),
    }


def _keep_part(tags: Sequence[Tag], words: str) -> None:
    for tag in tags:
        keep_part([tag], tag.comment, words)


def _comments(ids: list[int]) -> list[Comment]:
    wanted = list(dict.fromkeys(ids))
    query = own(Comment).where(Comment.id.in_(wanted)).options(*queries.WITH_TAGS)
    found = list(db.session.scalars(query.order_by(Comment.id)))
    if len(found) < len(wanted):
        unknown = sorted(set(wanted) - {c.id for c in found})
        raise DomainError(_("There is no comment %(ids)s.", ids=", ".join(map(str, unknown[:5]))))
    return found


@blueprint.get("/large-steps")
@require(Role.viewer)
@blueprint.arguments(LargeStepQuery, location="query")
@blueprint.response(200, list_of(LargeStepAnswer))
def steps(query: dict[str, Any]) -> dict[str, Any]:
    """Large steps, oldest first; with `state=waiting` those that a manager still has to look at."""
    wanted, state = own(LargeStep), query.get("state")
    if state:
        wanted = wanted.where(waiting() if state == "waiting" else LargeStep.decided_as == state)
    rows, following = page(wanted, LargeStep.id, query["after"], query["limit"])
    return {"data": [as_json(step) for step in rows], "next": following}


@blueprint.get("/large-steps/<int:step_id>")
@require(Role.viewer)
@blueprint.response(200, LargeStepAnswer)
def step(step_id: int) -> dict[str, Any]:
    """One of them; while it waits, exactly what three of the people it reaches will read."""
    found = load(LargeStep, step_id)
    letters = [] if found.decided_at else samples(found, clock.now())
    told = [{"to": s.to, "language": s.language, "subject": s.subject, "text": s.text} for s in letters]
    return {**as_json(found), "samples": told}


@blueprint.post("/large-steps/<int:step_id>/approval")
@require(Role.manager)
@blueprint.alt_response(200, schema=LargeStepAnswer)
def approve(step_id: int) -> Response:
    """It goes on: everyone it reaches is told."""
    return once(lambda: _approved(load(LargeStep, step_id)), 200)


def _approved(found: LargeStep) -> dict[str, Any]:
    large_steps.approve(found, clock.now(), access().staff_id)
    return as_json(found)


@blueprint.post("/large-steps/<int:step_id>/refusal")
@require(Role.manager)
@blueprint.arguments(RefusalBody)
@blueprint.alt_response(200, schema=LargeStepAnswer)
def refuse(body: dict[str, Any], step_id: int) -> Response:
    """Nobody is told: its tags are withdrawn, and whoever asked reads why."""
    return once(lambda: _refused(load(LargeStep, step_id), body["reason"]), 200)


def _refused(found: LargeStep, reason: str) -> dict[str, Any]:
    large_steps.refuse(found, reason, clock.now())
    return as_json(found)


def as_json(step: LargeStep) -> dict[str, Any]:
    return {
        "id": step.id,
        "kind": step.kind,
        "because": step.because,
        "state": step.decided_as or "waiting",
        "action_id": step.action_id,
        "round_id": step.round_id,
        "messages": step.messages,
        "usual_day": step.usual,
        "asked_by": step.asked_by,
        "asked_at": iso(step.asked_at),
        "decided_by": step.decided_by,
        "decided_at": iso(step.decided_at),
        "reason": step.reason,
    }
