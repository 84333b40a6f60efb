"""The web application: where the rooms meet."""

from datetime import datetime
from importlib import import_module

from flask import Flask

from accounts.door import init_door
from core import attributes, clock, compression, failures, headers, origins, routes, schema, uploads
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

PAGES = ("core.health", "accounts.views", "accounts.views_alerts", "accounts.views_public", "accounts.views_verifying", "accounts.views_links", "accounts.views_people",
         "accounts.views_organisation", "accounts.views_outlets", "accounts.views_texts", "accounts.views_mail",
         "surveys.views", "surveys.views_public", "surveys.partial.views", "surveys.settings.views_answering", "customers.views", "triage.views", "triage.views_actions", "triage.inbox.views_saved", "triage.views_many",
         "triage.themes.views", "triage.views_assigning", "triage.views_feeling", "triage.writing.views",
         "promises.views", "followup.views", "followup.person.views_customer", "followup.ledger.views", "followup.digests.views", "followup.plans.views",
         "followup.many.views_tags", "followup.many.views", "followup.many.views_sorting", "followup.corrections.views_again", "followup.corrections.views_merging", "followup.joined.views", "followup.steps.views",
         "followup.person.views", "followup.notes.views", "followup.imports.views", "followup.views_visits", "followup.views_suspects", "followup.calls.views", "followup.rewards.views", "surveys.settings.views_closing",
          "surveys.settings.views_watching", "surveys.builder.views_editing", "surveys.builder.views_copying", "surveys.builder.views_trial", "surveys.views_phone", "surveys.settings.views_embedding", "surveys.helpdesks.views", "surveys.helpdesks.views_hooks", "surveys.views_framed", "surveys.kiosk.views_kiosk", "surveys.kiosk.views_kiosks", "surveys.builder.views_preview",
          "followup.own_page.views_public", "followup.own_page.views_changing", "followup.invitations.views_invited", "followup.invitations.views", "surveys.invitations.views", "outbox.views", "outbox.incoming.views", "reports.views", "reports.views_letters", "reports.erasure.views", "reports.retention.views", "reports.views_live", "reports.schedules.views", "reports.schedules.views_reading", "reports.metrics")  # fmt: skip
"""Modules with a `blueprint` of pages; some share the one of their room."""
APIS = (
    "surveys.api",
    "promises.api",
    "triage.api",
    "triage.themes.api",
    "followup.api",
    "followup.plans.api_plans",
    "followup.plans.api_moves",
    "followup.steps.api",
    "followup.digests.api",
    "followup.notes.api",
    "followup.invitations.api",
    "outbox.incoming.api",
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
