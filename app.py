"""The web application: where the rooms meet."""

from datetime import datetime

from flask import Blueprint, Flask

from accounts.door import init_door
from core import attributes, clock, compression, failures, headers, origins, rooms, routes, schema, uploads
from core.api import rest
from core.application import bare_app
from core.settings import Settings
from promises import opening
from reports.erasure import erasing_jobs
from reports.retention import forgetting_again
from scheduler import TICKS
from surveys.answering import response_submitted
from surveys.models_responses import Response
from triage import commenting


def create_app(settings: Settings | None = None) -> Flask:
    """Everything that answers a request or a command. The clock has an application of its own."""
    app = bare_app(settings)
    attributes.write_for_wtforms()
    compression.init_compression(app)
    headers.init_headers(app)
    origins.init_origins(app, app.config["SETTINGS"])
    uploads.init_uploads(app)
    init_door(app, app.config["SETTINGS"])
    connect()
    app.extensions["ticks"] = TICKS
    for blueprint in _blueprints("views*.py"):
        app.register_blueprint(blueprint)
    rest.init_rest(app, _blueprints("api*.py"))
    failures.init_failures(app)
    _init_commands(app)
    routes.refuse_undeclared(app)
    return app


def connect() -> None:
    """What an answer sets going in the rooms above."""
    response_submitted.connect(_on_response)
    schema.restored.connect(_on_restore)


def _on_restore(_sender: object) -> None:
    """Who was erased since the backup was made is erased in it, and what was past its time goes, before anybody reads it."""
    forgetting_again.forget_again(clock.now())
    erasing_jobs.finish_erasures(clock.now())


def _on_response(response: Response, now: datetime) -> None:
    """Whoever answers is owed a promise, and a comment is work: in the answer's own transaction."""
    opening.on_response(response, now)
    commenting.on_response(response, now)


def _blueprints(pattern: str) -> list[Blueprint]:
    """Of the modules whose files are so named; some share the one of their room."""
    return list(dict.fromkeys(module.blueprint for module in rooms.modules(pattern)))


def _init_commands(app: Flask) -> None:
    from cli import init_commands

    init_commands(app)
