"""A survey that exists is changed. What customers answer changes only by publishing, which makes a new version; who answered keeps theirs."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from surveys.builder.building import Draft, ReplyTime, questions_from, refuse_bad_slug, version_of
from surveys.models import Question, Survey, Version
from surveys.models_responses import Response


@dataclass(frozen=True, slots=True)
class Change:
    """All that an editor decides. `seen`: what they were looking at."""

    title: dict[str, str]
    language: str
    signer_id: int
    deputy_id: int | None
    reply: ReplyTime
    questions: Sequence[Draft]
    seen: str
    slug: str = ""
    """A new address, for a survey that nobody could answer yet."""


def edit_survey(survey: Survey, change: Change, now: datetime) -> None:
    """Title, signer and reply time hold at once; questions once they are published. Conflict when somebody else was first."""
    if change.seen != as_seen(survey):
        raise Conflict(
            _(
                "Somebody else changed this survey meanwhile. Look at it in another tab, then keep yours again if it still holds."
            )
        )
    if change.slug and change.slug != survey.slug and not survey.opened_at:
        refuse_bad_slug(change.slug)
        survey.slug = change.slug
    survey.title, survey.language = change.title, change.language
    survey.signer_id, survey.deputy_id = change.signer_id, change.deputy_id
    survey.reply_working_days, survey.reply_hours = change.reply.working_days, change.reply.hours
    _ask(survey, change.questions)
    audit.record("survey.edited", survey, now, version=survey.versions[-1].number)


def _ask(survey: Survey, drafts: Sequence[Draft]) -> None:
    newest, wanted = survey.versions[-1], questions_from(drafts)
    if as_data(wanted) == as_data(newest.questions):
        return
    if newest.published_at or was_tried(newest):
        survey.versions.append(Version(number=newest.number + 1, questions=wanted))
    else:
        _empty(newest)
        newest.questions = wanted


def _empty(draft: Version) -> None:
    for question in draft.questions:
        db.session.delete(question)
    db.session.flush()
    db.session.expire(draft, ["questions"])


def was_tried(version: Version) -> bool:
    """Somebody answered it, be it as a test: it stays as they saw it."""
    return (
        db.session.scalar(select(Response.id).where(Response.version_id == version.id).limit(1)) is not None
    )


def publish(survey: Survey, now: datetime) -> Version:
    """Whoever opens the survey from now on sees the newest questions. Conflict when they are published already."""
    newest = survey.versions[-1]
    if newest.published_at or not survey.opened_at:
        raise Conflict(_("There are no new questions to publish."))
    if not newest.questions:
        raise DomainError(_("A survey needs at least one question before it can open."))
    newest.published_at = now
    audit.record("survey.published", survey, now, version=newest.number)
    return newest


def discard(survey: Survey, now: datetime) -> None:
    """Questions that nobody saw are forgotten; what is published stays."""
    newest = survey.versions[-1]
    if newest.published_at or newest.number == 1:
        raise Conflict(_("There are no new questions to throw away."))
    if was_tried(newest):
        survey.versions.append(version_of(newest.number + 1, [draft_of(q) for q in last_published(survey)]))
    else:
        _empty(newest)
        survey.versions.remove(newest)
        db.session.delete(newest)
    audit.record("survey.questions_discarded", survey, now, version=newest.number)


def last_published(survey: Survey) -> list[Question]:
    return next((v.questions for v in reversed(survey.versions) if v.published_at), [])


def draft_of(question: Question) -> Draft:
    return Draft(
        question.key,
        question.kind,
        question.prompt,
        question.required,
        question.help or {},
        question.options or {},
    )


def as_seen(survey: Survey) -> str:
    """Short for everything that an editor looks at."""
    held = [survey.slug, survey.title, survey.language, survey.signer_id, survey.deputy_id, survey.reply_working_days,
            survey.reply_hours, as_data(survey.versions[-1].questions)]  # fmt: skip
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:32]


def as_data(questions: Sequence[Question]) -> list[list[Any]]:
    return [[q.key, q.kind, q.prompt, q.help or {}, bool(q.required), q.options or {}] for q in questions]
