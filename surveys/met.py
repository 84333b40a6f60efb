"""A survey as strangers meet it: its columns are read each time, in one statement; what they say is made an object once.

So what is kept can never be out of date: it is found by all that the database said just now.
"""

import json
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import JSON, ColumnElement, Text, bindparam, cast, select
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from core import rows
from core.db import Base
from core.models import Organisation
from core.recent import Recent
from surveys.building import SLUG
from surveys.models import Survey

KEPT = 200
M = TypeVar("M", bound=Base)


def by_slug(slug: str) -> Survey | None:
    """With its organisation, outside the session: to read from, never to change. None for what cannot be one."""
    if not SLUG.fullmatch(slug):
        return None
    found = rows.first(_BY_SLUG, slug=slug)
    return _kept().get(found, lambda: _made(found)) if found else None


def _columns(model: type[Base]) -> list[ColumnElement[Any]]:
    """Lists and objects as the text that they are stored as, which can be compared."""
    return [cast(c, Text) if isinstance(c.type, JSON) else c for c in model.__table__.columns]


_BY_SLUG = (
    select(*_columns(Survey), *_columns(Organisation))
    .join_from(Survey, Organisation, Survey.organisation_id == Organisation.id)
    .where(Survey.slug == bindparam("slug"))
)


def _kept() -> Recent[tuple[Any, ...], Survey]:
    """Of this application: another one has a database of its own."""
    kept: Recent[tuple[Any, ...], Survey] = current_app.extensions.setdefault("met_surveys", Recent(KEPT))
    return kept


def _made(found: tuple[Any, ...]) -> Survey:
    width = len(Survey.__table__.columns)
    survey, organisation = _detached(Survey, found[:width]), _detached(Organisation, found[width:])
    set_committed_value(survey, "organisation", organisation)
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
