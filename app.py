"""The web application: where the rooms meet."""

from datetime import datetime
from importlib import import_module

from flask import Flask

from accounts.door import init_door
from core import attributes, clock, compression, failures, headers, origins, rest, routes, schema, uploads
from core.application import bare_app
from core.settings import Settings
from promises import opening
from reports import erasing_jobs, forgetting_again
from scheduler import TICKS
from surveys.answering import response_submitted
from surveys.models import Response
from triage import commenting

PAGES = ("core.health", "accounts.views", "accounts.views_alerts", "accounts.views_public", "accounts.views_verifying", "accounts.views_links", "accounts.views_people",
         "accounts.views_organisation", "accounts.views_outlets", "accounts.views_texts", "accounts.views_mail",
         "surveys.views", "surveys.views_public", "surveys.views_unfinished", "surveys.views_answering", "customers.views", "triage.views", "triage.views_actions", "triage.views_saved", "triage.views_many",
         "triage.views_themes", "triage.views_assigning", "triage.views_feeling", "triage.writing.views",
         "promises.views", "followup.views", "followup.views_customer", "followup.views_ledger", "followup.views_rounds", "followup.views_plans",
         "followup.views_tags", "followup.views_bulk", "followup.views_sorting", "followup.views_again", "followup.views_merging", "followup.views_joining", "followup.views_steps",
         "followup.views_person", "followup.views_notes", "followup.views_importing", "followup.views_visits", "followup.views_suspects", "followup.views_calls", "followup.views_rewards", "surveys.views_closing",
          "surveys.views_watching", "surveys.views_editing", "surveys.views_copying", "surveys.views_trial", "surveys.views_phone", "surveys.views_embedding", "surveys.views_zammad", "surveys.views_hooks", "surveys.views_framed", "surveys.views_kiosk", "surveys.views_kiosks", "surveys.views_preview",
          "followup.views_public", "followup.views_changing", "followup.views_invited", "followup.views_inviting", "surveys.views_asked", "outbox.views", "outbox.views_incoming", "reports.views", "reports.views_letters", "reports.views_erasing", "reports.views_keeping", "reports.views_live", "reports.views_schedules", "reports.views_reading", "reports.metrics")  # fmt: skip
"""Modules with a `blueprint` of pages; some share the one of their room."""
APIS = (
    "surveys.api",
    "promises.api",
    "triage.api",
    "triage.themes_api",
    "followup.api",
    "followup.api_plans",
    "followup.api_moves",
    "followup.steps_api",
    "followup.rounds_api",
    "followup.notes_api",
    "followup.inviting_api",
    "outbox.api",
    "reports.api",
)
"""Modules with a `blueprint` of the REST interface; some share the one of their room."""


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
    for blueprint in dict.fromkeys(import_module(module).blueprint for module in _there(PAGES)):
        app.register_blueprint(blueprint)
    rest.init_rest(app, list(dict.fromkeys(import_module(module).blueprint for module in _there(APIS))))
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


def _there(modules: tuple[str, ...]) -> list[str]:
    from importlib.util import find_spec

    return [m for m in modules if find_spec(m)]


def _init_commands(app: Flask) -> None:
    from cli import init_commands

    init_commands(app)
