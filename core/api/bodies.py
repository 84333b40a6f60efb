"""How the REST interface reads: strictly, with null for left out, and a sentence for whatever does not fit."""

import json
import math
from datetime import date
from typing import Any

from flask import Request
from flask_babel import gettext as _
from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from core.api.objections import NotAsAgreed
from core.errors import DomainError
from core.ids import LAST
from core.text import as_typed

LIMIT = 1024 * 1024
"""Bytes of a body, unless a page or an endpoint says otherwise."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
DEEPEST = 20
"""Lists and objects within each other."""


class Body(Schema):
    """A request body: an unknown name is an error, null means left out."""

    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # noqa: ARG002 - the library's signature
        """The document says so too: whatever may be left out may be null."""
        field_obj.allow_none = not field_obj.required

    @pre_load
    def _leave_out_null(self, data: Any, **_options: Any) -> Any:
        return without_null(data)


class Query(Schema):
    """What stands behind the question mark: an unknown name is an error, an empty value means left out."""

    class Meta:
        unknown = RAISE

    @pre_load
    def _leave_out_empty(self, data: Any, **_options: Any) -> Any:
        return {name: sound(value) for name, value in data.items() if value != ""}


class PageQuery(Query):
    after = fields.Integer(
        load_default=0,
        validate=validate.Range(0, LAST),
        metadata={"description": "The cursor `next` of the page before."},
    )
    limit = fields.Integer(
        load_default=100, validate=validate.Range(1, 500), metadata={"description": "Rows on a page."}
    )


def sane_day(day: date) -> None:
    """A validator: no calendar of ours reaches the year 1 or 9999."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(_("Give a day from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))


def without_null(body: Any) -> Any:
    """null means left out, at every depth."""
    if isinstance(body, dict):
        return {name: without_null(value) for name, value in body.items() if value is not None}
    return [without_null(value) for value in body] if isinstance(body, list) else body


class Reader(FlaskParser):
    """Reads bodies and queries for all rooms; each schema decides which names there are."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"json": None, "query": None}  # noqa: RUF012 - theirs

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002 - the library's signature
        return read_json(req)

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_options: Any) -> Any:  # noqa: ARG002
        raise NotAsAgreed(error.messages_dict)


def read_json(request: Request) -> Any:
    """The body; {} for none. 400 for what is not JSON, 413, 415, and 422 for what no row could hold."""
    raw = request.get_data()
    if not raw:
        return {}
    if not request.is_json:
        raise UnsupportedMediaType(_("Send JSON, and say so: Content-Type: application/json."))
    try:
        return sound(json.loads(raw, parse_constant=_never, parse_float=_finite, parse_int=_bounded))
    except (ValueError, RecursionError):
        raise BadRequest(_("The body is not JSON.")) from None


def _never(_name: str) -> Any:
    """NaN and Infinity are no JSON."""
    raise ValueError


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _too_great(text)


def _bounded(text: str) -> int:
    return int(text) if len(text) < 20 and abs(int(text)) <= LAST else _too_great(text)


def _too_great(text: str) -> Any:
    raise DomainError(_("The number %(number)s is too great.", number=text[:40]))


def sound(value: Any, depth: int = 0) -> Any:
    """The value itself; DomainError for a text that cannot be kept, ValueError for what is nested too deep."""
    if isinstance(value, str):
        as_typed(value, limit=LIMIT)
    if not isinstance(value, dict | list):
        return value
    if depth >= DEEPEST:
        raise ValueError
    for part in (*value, *value.values()) if isinstance(value, dict) else value:
        sound(part, depth + 1)
    return value
