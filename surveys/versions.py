"""The questions that customers see. A published version never changes, so it is read once, and drawn once a language."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask_babel import get_locale
from markupsafe import Markup
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from core import rows
from core.db import db
from core.recent import Recent, of_this_application
from core.voice import form_of_address
from surveys.models import Newest, Question, Survey, Version
from surveys.models_responses import Response
from surveys.offering import Offer, offer_of

KEPT = 200
TELLING = ("contact", "hidden")
"""Kinds of question that could tell who somebody is: an anonymous survey asks none of them, and keeps none."""
_PUBLISHED = select(Version.id, Version.number, Version.published_at).where(
    Version.survey_id == bindparam("survey_id"), Version.published_at.is_not(None)
)
_NEWEST = _PUBLISHED.order_by(Version.number.desc()).limit(1)
_NUMBERED = _PUBLISHED.where(Version.number == bindparam("number"))


AsAsked = tuple[int, datetime | None, tuple[int, ...], str, str, str, Offer]
"""A version, when it was published, which of its questions; in which language, on a page in which language and form of address, and what is offered."""
Fields = dict[str, Any]


def published(survey: Survey, seen: int | None = None) -> Version | None:
    """The newest published version with its questions, outside the session: to read from, never to change.

    `seen`: the one with this number, where there is one, for whoever had it open while a newer one was published.
    """
    found = survey.along.newest if survey.along else rows.first(_NEWEST, survey_id=survey.id)
    if found and seen and found.number != seen:
        found = rows.first(_NUMBERED, survey_id=survey.id, number=seen) or found
    return _versions().get(found, lambda: _read(found.id)) if found else None


def asked_in(survey: Survey, seen: int | None = None) -> Version | None:
    """The published questions as they are asked: an anonymous survey asks nothing that could tell who somebody is."""
    version = published(survey, seen)
    if not version or not survey.anonymous:
        return version and _offering(version, survey)
    return part_of(version, [q for q in version.questions if q.kind not in TELLING])


def _offering(version: Version, survey: Survey) -> Version:
    """A published version never changes; what the organisation offers may, so it stands on a copy."""
    offer = offer_of(survey.organisation)
    if not offer.channels or not any(q.kind == "contact" for q in version.questions):
        return version
    copy = part_of(version, version.questions)
    copy.offer = offer
    return copy


def seen_by(response: Response) -> Version:
    """The questions that somebody answered, outside the session: to read from, never to change."""
    of_it = response.version
    moment = of_it.published_at or response.received_at
    return _versions().get(Newest(of_it.id, of_it.number, moment), lambda: _read(of_it.id))


def part_of(version: Version, questions: Iterable[Question]) -> Version:
    """The same version with some of its questions: to draw from, never to write."""
    part = Version(
        id=version.id,
        survey_id=version.survey_id,
        number=version.number,
        published_at=version.published_at,
    )
    set_committed_value(part, "questions", list(questions))
    return part


def drawn_once(version: Version, language: str, draw: Callable[[], Markup]) -> Markup:
    """The untouched questions of a published version: `draw` them, unless somebody saw them in these words before."""
    kept: Recent[AsAsked, Markup] = of_this_application("drawn_questions", KEPT)
    return kept.get(_as_asked(version, language), draw)


def fields_once(version: Version, language: str, make: Callable[[], Fields]) -> Fields:
    """The fields of its form before anybody fills them in: `make` them, unless somebody was asked the same. A draft may change."""
    kept: Recent[AsAsked, Fields] = of_this_application("fields_of_questions", KEPT)
    return kept.get(_as_asked(version, language), make) if version.published_at else make()


def _as_asked(version: Version, language: str) -> AsAsked:
    questions = tuple([q.id for q in version.questions])
    return (
        version.id,
        version.published_at,
        questions,
        language,
        str(get_locale()),
        form_of_address(),
        version.offer,
    )


def _versions() -> Recent[Newest, Version]:
    return of_this_application("versions", KEPT)


def _read(id: int) -> Version:
    """In a session of its own over the same transaction: what others hold of it stays theirs."""
    with Session(db.session.connection()) as reader:
        query = select(Version).where(Version.id == id).options(selectinload(Version.questions))
        version = reader.scalars(query).one()
        reader.expunge_all()
    return version
