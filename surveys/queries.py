"""What survey pages show: the list, one by its address, who may sign, an answer in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from accounts.models import Membership, Staff
from core.access import access, own
from core.db import db
from core.models import Organisation
from surveys.building import SLUG
from surveys.kinds import KINDS
from surveys.models import Answer, Response, Survey

_BY_SLUG = (
    select(Survey)
    .where(Survey.slug == bindparam("slug"))
    .options(joinedload(Survey.organisation, innerjoin=True))
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Line:
    """One survey in the list: how many answered it, and when the last one did."""

    survey: Survey
    responses: int
    last_at: datetime | None


def by_slug(slug: str) -> Survey | None:
    """Slugs are unique in the installation: a stranger needs no organisation. None for what cannot be one."""
    if not SLUG.fullmatch(slug):
        return None
    return db.session.scalar(_BY_SLUG, {"slug": slug})


def lines() -> list[Line]:
    """The organisation's surveys, newest first."""
    answered = func.max(Response.submitted_at)
    counted = (Response.survey_id == Survey.id) & Response.is_test.is_(False)
    query = own(Survey).add_columns(func.count(Response.id), answered).outerjoin(Response, counted)
    return [Line(*row) for row in db.session.execute(query.group_by(Survey.id).order_by(Survey.id.desc()))]


def answered(survey: Survey) -> int:
    query = select(func.count(Response.id)).where(
        Response.survey_id == survey.id, Response.is_test.is_(False)
    )
    return db.session.scalar(query) or 0


def colleagues() -> Sequence[Staff]:
    """Who works here: any of them may sign."""
    here = (Membership.organisation_id == access().organisation_id) & Membership.left_at.is_(None)
    return db.session.scalars(
        select(Staff).join(Membership).where(here, Staff.active).order_by(Staff.name)
    ).all()


def answer_words(answer: Answer, language: str) -> str:
    """One value as its reader sees it."""
    return KINDS[answer.question.kind].words(answer, language)


def own_language() -> str:
    """The language of the organisation that is asking."""
    return db.session.scalars(
        select(Organisation.language).where(Organisation.id == access().organisation_id)
    ).one()
