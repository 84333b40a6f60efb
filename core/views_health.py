"""Is it alive? The product's health (the clock too), or this process's alone."""

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy import select

from core import clock, jobs
from core.access import public
from core.db import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """200 when all is well; 503 with the ticks that missed three turns. `?part=web` asks about this process only."""
    db.session.execute(select(1))
    stuck = (
        []
        if request.args.get("part") == "web"
        else jobs.stopped(current_app.extensions["ticks"], clock.now())
    )
    answer = jsonify({"status": "the clock has stopped" if stuck else "ok", "ticks": stuck})
    answer.status_code = 503 if stuck else 200
    return answer
