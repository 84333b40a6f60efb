"""The REST interface: one OpenAPI document over all rooms, one page of a list, one way to name a moment."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask
from flask_smorest import Api
from marshmallow import RAISE, Schema, fields, validate

from core.access import public
from core.db import Rows, db

PREFIX = "/api/v1"
DOCUMENT = "api-docs.openapi_json"
CONFIG = {
    "API_TITLE": "Terugkoppel",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": PREFIX,
    "OPENAPI_JSON_PATH": "openapi.json",
}
SECURITY = {"type": "http", "scheme": "bearer"}


def init_rest(app: Flask, blueprints: Sequence[Any]) -> None:
    """Register the blueprints of all rooms under one document."""
    app.config.update(CONFIG)
    api = Api(app, spec_kwargs={"security": [{"key": []}], "components": {"securitySchemes": {"key": SECURITY}}})
    for blueprint in blueprints:
        api.register_blueprint(blueprint, url_prefix=PREFIX)
    document: Any = app.view_functions[DOCUMENT]
    app.view_functions[DOCUMENT] = public(partial(document))


class Body(Schema):
    """A request body: an unknown name is an error, null means left out."""

    class Meta:
        unknown = RAISE


class PageQuery(Schema):
    after = fields.Integer(load_default=0, metadata={"description": "The cursor `next` of the page before."})
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


def page(query: Rows, key: Any, after: int, limit: int) -> tuple[list[Any], str | None]:
    """(rows, next cursor) of a list ordered by a growing key."""
    rows = list(db.session.scalars(query.where(key > after).order_by(key).limit(limit + 1)))
    return rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def without_null(body: Any) -> Any:
    """null means left out, at every depth."""
    if isinstance(body, dict):
        return {name: without_null(value) for name, value in body.items() if value is not None}
    return [without_null(value) for value in body] if isinstance(body, list) else body
