"""A survey as strangers meet it: all that its page looks at is read each time, in one statement; what it says is made an object once.

So what is kept can never be out of date: it is found by all that the database said just now.
"""

import json
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import JSON, ColumnElement, Text, bindparam, cast, select
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from core import rows
from core.db import Base
from core.models import Organisation
from core.recent import Recent, of_this_application
from surveys.builder.building import SLUG
from surveys.models import Along, Newest, Record, Survey, Version

KEPT = 200
M = TypeVar("M", bound=Base)


def by_slug(slug: str) -> Survey | None:
    """With its organisation and what was read along, outside the session: to read from, never to change. None for what cannot be one."""
    if not SLUG.fullmatch(slug):
        return None
    found = rows.stored(_BY_SLUG, slug=slug)
    kept: Recent[tuple[Any, ...], Survey] = of_this_application("met_surveys", KEPT)
    return kept.get(found, lambda: _made(rows.read(_BY_SLUG, found, "slug"))) if found else None


def _columns(model: type[Base]) -> list[ColumnElement[Any]]:
    """Lists and objects as the text that they are stored as, which can be compared."""
    return [cast(c, Text) if isinstance(c.type, JSON) else c for c in model.__table__.columns]


_NEWEST = (
    select(Version.id)
    .where(Version.survey_id == Survey.id, Version.published_at.is_not(None))
    .order_by(Version.number.desc())
    .limit(1)
)
_PARTS: tuple[type[Base], ...] = (Survey, Organisation, Record)
_BY_SLUG = (
    select(*(column for part in _PARTS for column in _columns(part)), Version.id, Version.number, Version.published_at)
    .join_from(Survey, Organisation, Survey.organisation_id == Organisation.id)
    .outerjoin(Version, Version.id == _NEWEST.correlate(Survey).scalar_subquery())
    .outerjoin(Record, Record.survey_id == Survey.id)
    .where(Survey.slug == bindparam("slug"))
)  # fmt: skip


def _made(found: tuple[Any, ...]) -> Survey:
    values = iter(found)
    of_parts = [tuple(islice(values, len(part.__table__.columns))) for part in _PARTS]
    survey, organisation = _detached(Survey, of_parts[0]), _detached(Organisation, of_parts[1])
    set_committed_value(survey, "organisation", organisation)
    record = _detached(Record, of_parts[2]) if any(of_parts[2]) else None
    newest = Newest(*values)
    survey.along = Along(newest if newest.id else None, record)
    return survey


def _detached(model: type[M], values: tuple[Any, ...]) -> M:
    columns = model.__table__.columns
    read = {
        c.key: json.loads(v) if v and isinstance(c.type, JSON) else v
        for c, v in zip(columns, values, strict=True)
    }
    row = model(**read)
    make_transient_to_detached(row)
    return row
