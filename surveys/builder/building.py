"""Make a survey, publish its questions, open and close it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from surveys.builder.soundness import refuse_unsound
from surveys.models import Question, Survey, Version

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Draft:
    """One question as it is written; `prompt` and `help` hold words per language."""

    key: str
    kind: str
    prompt: dict[str, str]
    required: bool = False
    help: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReplyTime:
    """Within so many working days, or within so many hours; one of the two."""

    working_days: int | None = 5
    hours: int | None = None


def create_survey(  # noqa: PLR0913 - what a survey is made of
    organisation_id: int,
    slug: str,
    title: dict[str, str],
    language: str,
    signer_id: int,
    questions: Sequence[Draft],
    now: datetime,
    *,
    deputy_id: int | None = None,
    reply: ReplyTime = ReplyTime(),
) -> Survey:
    """A draft with its first version; DomainError for a slug that is taken or cannot be in an address."""
    refuse_bad_slug(slug)
    survey = Survey(
        organisation_id=organisation_id, slug=slug, title=title, language=language, signer_id=signer_id, deputy_id=deputy_id,
        reply_working_days=reply.working_days, reply_hours=reply.hours, created_at=now,
    )  # fmt: skip
    db.session.add(survey)
    survey.versions.append(version_of(1, questions))
    audit.record("survey.created", survey, now)
    return survey


def open_survey(survey: Survey, now: datetime) -> None:
    """Publish the newest version and let customers answer; a closed survey opens again."""
    if not survey.versions[-1].questions:
        raise DomainError(_("A survey needs at least one question before it can open."))
    survey.versions[-1].published_at = survey.versions[-1].published_at or now
    survey.opened_at, survey.closed_at = survey.opened_at or now, None
    audit.record("survey.opened", survey, now)


def close_survey(survey: Survey, now: datetime) -> None:
    if not survey.is_open:
        raise Conflict(_("This survey is not open."))
    survey.closed_at = now
    audit.record("survey.closed", survey, now)


def refuse_bad_slug(slug: str) -> None:
    if not SLUG.fullmatch(slug):
        raise DomainError(
            _("An address holds small letters, digits and hyphens, at most 60: for example “order-2026”.")
        )
    if db.session.scalar(select(Survey.id).where(Survey.slug == slug)):
        raise Conflict(_("The address “%(slug)s” is in use. Choose another one.", slug=slug))


def version_of(number: int, drafts: Sequence[Draft]) -> Version:
    """DomainError with a sentence for questions that cannot be asked together."""
    return Version(number=number, questions=questions_from(drafts))


def questions_from(drafts: Sequence[Draft]) -> list[Question]:
    questions = [question_from(n, draft) for n, draft in enumerate(drafts)]
    refuse_unsound(questions)
    return questions


def question_from(position: int, draft: Draft) -> Question:
    return Question(
        key=draft.key,
        position=position,
        kind=draft.kind,
        prompt=draft.prompt,
        help=draft.help,
        required=draft.required,
        options=draft.options,
    )
