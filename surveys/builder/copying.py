"""A survey begins with one that exists: a copy, a file, or one of the templates."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from core import audit
from core.application import LANGUAGES
from core.db import db
from surveys.builder.building import SLUG, ReplyTime, create_survey
from surveys.builder.editing import draft_of
from surveys.builder.portable import Portable, from_file
from surveys.builder.question_rows import slugged
from surveys.models import Survey

FOLDER = Path(__file__).parent / "starters"
ALSO_COPIED = (
    "closing_days",
    "closing_words",
    "approves_words",
    "detractor_bound",
    "joins_within",
    "assigning",
    "embed_origins",
    "anonymous",
    "one_by_one",
)
LONGEST = 50
"""Letters of a slug before the number behind it."""


def copy_survey(survey: Survey, now: datetime) -> Survey:
    """A draft with the newest questions and everything else that was chosen; answers and their follow-up stay where they are."""
    reply = ReplyTime(survey.reply_working_days, survey.reply_hours)
    questions = [draft_of(q) for q in survey.versions[-1].questions]
    copy = create_survey(
        survey.organisation_id, free_slug(survey.slug), _named_copy(survey.title), survey.language, survey.signer_id,
        questions, now, deputy_id=survey.deputy_id, reply=reply,
    )  # fmt: skip
    for name in ALSO_COPIED:
        setattr(copy, name, getattr(survey, name))
    audit.record("survey.copied", copy, now, survey=survey.id)
    return copy


def _named_copy(title: dict[str, str]) -> dict[str, str]:
    named = {}
    for language, words in title.items():
        with force_locale(language if language in LANGUAGES else "en"):
            named[language] = _("%(title)s (copy)", title=words)
    return named


def import_survey(organisation_id: int, held: Portable, signer_id: int, now: datetime) -> Survey:
    """A draft that whoever reads the file signs."""
    wanted = held.slug if SLUG.fullmatch(held.slug) else slugged(held.title[held.language]) or "survey"
    made = create_survey(
        organisation_id,
        free_slug(wanted),
        held.title,
        held.language,
        signer_id,
        held.questions,
        now,
        reply=held.reply,
    )
    made.anonymous, made.one_by_one = held.anonymous, held.one_by_one
    audit.record("survey.imported", made, now, left_out=held.left_out)
    return made


def free_slug(wanted: str) -> str:
    """Itself, or with the first number behind it that nobody has."""
    plain = wanted[:LONGEST].strip("-")
    return next(slug for slug in chain([wanted], _numbered(plain)) if not _is_taken(slug))


def _numbered(slug: str) -> Iterator[str]:
    return (f"{slug}-{n}" for n in count(2))


def _is_taken(slug: str) -> bool:
    return db.session.scalar(select(Survey.id).where(Survey.slug == slug)) is not None


def starter(name: str) -> Portable | None:
    """One of the templates; None for a name that is none of them."""
    return from_file((FOLDER / f"{name}.json").read_text()) if name in starters() else None


def starters() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*.json"))
