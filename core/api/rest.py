"""The REST interface: one OpenAPI document over all rooms, one shape of lists, one way to name a moment."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any, ClassVar

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from flask_smorest import Api
from flask_smorest import Blueprint as Smorest
from marshmallow import Schema, fields

from core.access import public
from core.api import openapi
from core.api.bodies import LIMIT, Reader
from core.db import Rows, db
from core.settings import settings

PREFIX = "/api/v1"
DOCUMENT = f"{PREFIX}/openapi.json"
CONFIG = {
    "API_TITLE": "Terugkoppel",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "MAX_CONTENT_LENGTH": LIMIT,
}


class Blueprint(Smorest):
    """The endpoints of one room."""

    ARGUMENTS_PARSER = Reader()


class Answer(Schema):
    """What an endpoint answers. Every name is there, but for those in `optional`."""

    optional: ClassVar[tuple[str, ...]] = ()

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = field_name not in self.optional


def list_of(answer: type[Answer]) -> type[Schema]:
    """The envelope of a list: {data, next}."""
    shape: dict[str, fields.Field[Any]] = {
        "data": fields.List(fields.Nested(answer)),
        "next": fields.String(allow_none=True, metadata={"description": "The cursor of the next page."}),
    }
    return Answer.from_dict(shape, name=f"{answer.__name__.removesuffix('Answer')}List")


def moment(**options: Any) -> fields.String:
    """A field with a moment in ISO 8601."""
    return fields.String(metadata={"format": "date-time"}, **options)


def init_rest(app: Flask, blueprints: Sequence[Any]) -> None:
    """Register the blueprints of all rooms under one document, which strangers may read.

    The document is made when somebody first asks for it: it takes longer than everything else at a start.
    By one thread, for all who ask at once: Python 3.11 can fail when several parse sources together, which routes do.
    """
    app.config.update(CONFIG)
    for blueprint in blueprints:
        app.register_blueprint(blueprint, url_prefix=PREFIX)
    one_makes_it = Lock()

    @cache
    def document() -> dict[str, Any]:
        return openapi.completed(_described(app, blueprints), settings().address)

    def shown() -> ResponseReturnValue:
        with one_makes_it:
            return jsonify(document())

    app.add_url_rule(DOCUMENT, "openapi_json", public(shown))


def _described(app: Flask, blueprints: Sequence[Any]) -> dict[str, Any]:
    """What the library knows of the endpoints: read from an application of its own, since this one has begun to answer."""
    beside = Flask(app.import_name, static_folder=None)
    beside.url_map.converters.update(app.url_map.converters)
    beside.config.update(CONFIG)
    api = Api(beside)
    for blueprint in blueprints:
        api.register_blueprint(blueprint, url_prefix=PREFIX)
    with beside.app_context():
        described: dict[str, Any] = api.spec.to_dict()
    return described


def page(query: Rows, key: Any, after: int, limit: int) -> tuple[list[Any], str | None]:
    """(rows, next cursor) of a list ordered by a growing key."""
    rows = list(db.session.scalars(query.where(key > after).order_by(key).limit(limit + 1)))
    return rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
