"""REST: surveys. What a response is owed is shown higher up, so answers are posted in followup/api.py."""

from datetime import datetime
from typing import Any

from flask import Response, abort
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from accounts.idempotency import once
from accounts.models import Membership, Staff
from core import clock, links
from core.access import Role, access, own, require
from core.api.bodies import PageQuery
from core.api.rest import Blueprint, iso, list_of, page
from core.db import db, writing
from core.errors import DomainError
from surveys.builder.building import SLUG, ReplyTime, close_survey, create_survey, open_survey
from surveys.models import Survey, Version
from surveys.sent_questions import drafts, questions_of, words
from surveys.shapes import SurveyAnswer, SurveyBody

blueprint = Blueprint("surveys_api", __name__, description="Surveys and their questions")
WHOLE = (
    joinedload(Survey.signer),
    joinedload(Survey.deputy),
    selectinload(Survey.versions).selectinload(Version.questions),
)


def as_json(survey: Survey) -> dict[str, Any]:
    return {
        "id": survey.id,
        "slug": survey.slug,
        "url": links.public_url(f"/s/{survey.slug}"),
        "state": survey.state,
        "title": survey.title,
        "language": survey.language,
        "signer": survey.signer.email,
        "deputy": survey.deputy.email if survey.deputy else None,
        "reply_within_days": survey.reply_working_days,
        "anonymous": survey.anonymous,
        "one_by_one": survey.one_by_one,
        "questions": questions_of(survey),
        "opened_at": iso(survey.opened_at),
        "closed_at": iso(survey.closed_at),
    }


def by_slug(slug: str) -> Survey:
    """The organisation's own survey; 404 for another's."""
    found = db.session.scalar(own(Survey).where(Survey.slug == slug)) if SLUG.fullmatch(slug) else None
    return found or abort(404)


@blueprint.get("/surveys")
@require(Role.viewer)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(SurveyAnswer))
def surveys(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's surveys, oldest first."""
    rows, following = page(own(Survey).options(*WHOLE), Survey.id, query["after"], query["limit"])
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
    """One survey, with the questions of its newest version."""
    return as_json(by_slug(slug))


@blueprint.post("/surveys/<slug>/opening")
@require(Role.manager)
@blueprint.alt_response(200, schema=SurveyAnswer)
def opening(slug: str) -> Response:
    """Publish the survey and let customers answer."""
    return once(lambda: as_json(_opened(by_slug(slug))), 200)


def _opened(survey: Survey) -> Survey:
    open_survey(survey, clock.now())
    return survey


@blueprint.delete("/surveys/<slug>/opening")
@require(Role.manager)
@blueprint.response(200, SurveyAnswer)
def closing(slug: str) -> dict[str, Any]:
    """Close the survey."""
    with writing():
        close_survey(by_slug(slug), clock.now())
    return as_json(by_slug(slug))


def _create(body: dict[str, Any], now: datetime) -> Survey:
    language, deputy = body["language"], body["deputy"]
    made = create_survey(
        access().organisation_id, body["slug"], words(body["title"], language), language,
        colleague(body["signer"]).id, drafts(body["questions"], language), now,
        deputy_id=colleague(deputy).id if deputy else None, reply=ReplyTime(body["reply_within_days"]),
    )  # fmt: skip
    made.anonymous, made.one_by_one = body["anonymous"], body["one_by_one"]
    return made


def colleague(email: str | None) -> Staff:
    """A colleague by mail address; the organisation's first person when none is named."""
    here = select(Staff).join(Membership).where(Membership.organisation_id == access().organisation_id)
    present = here.where(Membership.left_at.is_(None))
    named = (
        present.where(Staff.email == email.strip().lower())
        if email
        else present.order_by(Membership.id).limit(1)
    )
    found = db.session.scalar(named)
    if not found:
        raise DomainError(_("Nobody here has the mail address “%(email)s”.", email=email or ""))
    return found
