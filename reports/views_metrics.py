"""Figures for machines, in the format of Prometheus: what waits, what is late, what failed."""

import hmac

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import func, select

from core import clock, jobs
from core.access import public
from core.db import db
from core.settings import settings
from outbox import breaking
from outbox.channels import transport
from outbox.models import STATES, Message
from outbox.pausing import pauses
from promises.models import Promise

blueprint = Blueprint("metrics", __name__)
LOCAL = {"127.0.0.1", "::1"}


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """For who has METRICS_TOKEN; without one set, for this machine only."""
    if not _may_ask():
        abort(404)
    return Response(generate_latest(_collected()), content_type=CONTENT_TYPE_LATEST)


def _may_ask() -> bool:
    token = settings().metrics_token
    if not token:
        return request.remote_addr in LOCAL and not request.headers.get("X-Forwarded-For")
    sent = request.headers.get("Authorization", "")
    return hmac.compare_digest(sent.encode(), f"Bearer {token}".encode())


def _collected() -> CollectorRegistry:
    registry = CollectorRegistry()
    _messages(Gauge("terugkoppel_messages", "Messages by state", ["state"], registry=registry))
    now = clock.now()
    open_promises = select(func.count(Promise.id)).where(Promise.is_open)
    _set(registry, "terugkoppel_promises_open", "Promises that are open", db.session.scalar(open_promises))
    late = db.session.scalar(open_promises.where(Promise.due_at < now))
    _set(registry, "terugkoppel_promises_late", "Open promises whose date has passed", late)
    opened = breaking.open_breaker(transport(settings()).server)
    _set(registry, "terugkoppel_breaker_open", "1 while sending has stopped", int(opened is not None))
    _set(registry, "terugkoppel_domains_paused", "Domains that asked for fewer mails", len(pauses(now)))
    stuck = jobs.stopped(current_app.extensions["ticks"], now)
    _set(registry, "terugkoppel_ticks_stopped", "Ticks of the clock that missed three turns", len(stuck))
    return registry


def _messages(gauge: Gauge) -> None:
    counts = dict(db.session.execute(select(Message.state, func.count()).group_by(Message.state)).all())
    for state in STATES:
        gauge.labels(state).set(counts.get(state, 0))


def _set(registry: CollectorRegistry, name: str, help: str, value: int | None) -> None:
    Gauge(name, help, registry=registry).set(value or 0)
