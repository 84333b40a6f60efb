"""What survey pages show: the list, one by its address, who may sign, an answer in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from accounts.models import Membership, Staff
from core.access import access, own
from core.db import db
from core.models import Event, Organisation
from surveys.builder.building import SLUG
from surveys.kinds import KINDS
from surveys.models import Question, Survey, Version
from surveys.models_responses import Answer, Response

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


def tests(survey: Survey) -> int:
    """Answers of colleagues who tried it out: they are in no other count."""
    mine = (Response.survey_id == survey.id) & Response.is_test
    return db.session.scalar(select(func.count(Response.id)).where(mine)) or 0


def versions(survey: Survey) -> list[tuple[Version, int]]:
    """Each published version and how many answered it, newest first."""
    counted = select(Response.version_id, func.count()).where(
        Response.survey_id == survey.id, Response.is_test.is_(False)
    )
    answers: dict[int, int] = {id: n for id, n in db.session.execute(counted.group_by(Response.version_id))}  # noqa: C416 - rows
    return [(v, answers.get(v.id, 0)) for v in reversed(survey.versions) if v.published_at]


def left_out(survey: Survey) -> list[str]:
    """What of the file that this survey was made of could not come along; said until it is opened."""
    if survey.opened_at:
        return []
    about = (
        (Event.subject_type == "survey") & (Event.subject_id == survey.id) & (Event.verb == "survey.imported")
    )
    found = db.session.scalar(select(Event).where(about))
    return list(found.detail.get("left_out", [])) if found else []


def retired(survey: Survey) -> list[tuple[Question, int]]:
    """Questions that are asked no more, and how many answers they have."""
    asked = {q.key for q in survey.versions[-1].questions}
    of_it = (
        select(Question)
        .join(Version)
        .where(Version.survey_id == survey.id, Version.published_at.is_not(None))
    )
    every = db.session.scalars(of_it.order_by(Version.number, Question.position))
    gone = {q.key: q for q in every if q.key not in asked}
    counted = (
        select(Question.key, func.count(Answer.id)).join(Answer).join(Response)
        .where(Response.survey_id == survey.id, Response.is_test.is_(False), Question.key.in_(gone)).group_by(Question.key)
    )  # fmt: skip
    answers: dict[str, int] = {key: n for key, n in db.session.execute(counted)}  # noqa: C416 - rows
    return [(q, answers.get(key, 0)) for key, q in gone.items()]


_HERE = select(Staff).join(Membership).where(
    Membership.organisation_id == bindparam("organisation_id"), Membership.left_at.is_(None), Staff.active
).order_by(Staff.name)  # fmt: skip
COLLEAGUES = _HERE.with_only_columns(Staff.id, Staff.name)
"""The same for a list to choose from."""


def colleagues() -> Sequence[Staff]:
    """Who works here: any of them may sign."""
    return db.session.scalars(_HERE, {"organisation_id": access().organisation_id}).all()


def colleagues_and(survey: Survey) -> Sequence[Staff]:
    """Who may sign; whoever signs it now stays among them, also when they work here no more."""
    here = list(colleagues())
    return here + [one for one in (survey.signer, survey.deputy) if one and one not in here]


def answer_words(answer: Answer, language: str) -> str:
    """One value as its reader sees it."""
    return KINDS[answer.question.kind].words(answer, language)


def own_language() -> str:
    """The language of the organisation that is asking."""
    return db.session.scalars(
        select(Organisation.language).where(Organisation.id == access().organisation_id)
    ).one()
