"""REST: ask for a report, and fetch it when it is ready."""

from datetime import date
from typing import Any

from flask import Response
from flask_babel import force_locale
from marshmallow import fields, validate
from pydantic import ValidationError
from sqlalchemy import select

from accounts.idempotency import once
from core import clock, links
from core.access import Role, access, load, require
from core.api.bodies import Body
from core.api.rest import Answer, Blueprint, iso, moment
from core.application import LANGUAGES
from core.db import db
from core.languages import WRITTEN
from reports.asking import ask
from reports.csv_files import figures_rows
from reports.figures import thawed
from reports.models import Report
from reports.narrowing import Narrowed
from reports.views import pdf_response
from surveys.api import by_slug
from triage.wording import CHANNELS

blueprint = Blueprint("reports_api", __name__, description="PDF reports")
STATES = ("queued", "rendering", "ready", "failed")


class ReportBody(Body):
    survey = fields.String(required=True)
    first = fields.Date(required=True, data_key="from")
    last = fields.Date(required=True, data_key="to")
    language = fields.String(load_default="nl", validate=validate.OneOf(LANGUAGES))
    channel = fields.String(load_default="", validate=validate.OneOf(("", *CHANNELS)))
    answered_in = fields.String(load_default="", validate=validate.OneOf(("", *WRITTEN)))
    """Only who hears by this channel, or answered in this language; left out: everybody."""


class FigureAnswer(Answer):
    """A share is a fraction; times are in hours; `low` and `high` are its 95 % interval."""

    subject = fields.String()
    figure = fields.String()
    value = fields.Float(allow_none=True)
    n = fields.Integer(allow_none=True)
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)


class ReportAnswer(Answer):
    id = fields.Integer()
    state = fields.String(validate=validate.OneOf(STATES))
    error = fields.String()
    sha256 = fields.String(allow_none=True)
    data_at = moment(allow_none=True)
    pdf = fields.String(allow_none=True, metadata={"format": "uri"})
    figures = fields.Dict(allow_none=True)
    rows = fields.List(fields.Nested(FigureAnswer), allow_none=True)
    """As in the attached figures.csv."""


@blueprint.post("/reports")
@require(Role.agent)
@blueprint.arguments(ReportBody)
@blueprint.alt_response(202, schema=ReportAnswer)
def create(body: dict[str, Any]) -> Response:
    """Ask for a report; `state` says when it is ready."""
    return once(lambda: _as_json(_asked(**body)), 202)


def _asked(survey: str, first: date, last: date, language: str, channel: str, answered_in: str) -> Report:
    only = Narrowed(channel, answered_in)
    report = ask(by_slug(survey), first, last, language, access().actor, clock.now(), only)
    db.session.flush()
    return report


@blueprint.get("/reports/<int:report_id>")
@require(Role.viewer)
@blueprint.response(200, ReportAnswer)
def report(report_id: int) -> dict[str, Any]:
    return _as_json(load(Report, report_id))


@blueprint.get("/reports/<int:report_id>.pdf")
@require(Role.viewer)
@blueprint.alt_response(200, content_type="application/pdf")
def pdf(report_id: int) -> Response:
    """The archived bytes; 404 until they are there."""
    return pdf_response(load(Report, report_id))


def _as_json(found: Report) -> dict[str, Any]:
    ready = found.state == "ready"
    there = db.session.scalar(select(Report.pdf.is_not(None)).where(Report.id == found.id))
    return {
        "id": found.id,
        "state": found.state,
        "error": found.error,
        "sha256": found.sha256,
        "data_at": iso(found.data_at),
        "pdf": links.public_url(f"/api/v1/reports/{found.id}.pdf") if ready and there else None,
        "figures": found.figures,
        "rows": _rows(found) if ready and found.figures else None,
    }


def _rows(found: Report) -> list[dict[str, Any]] | None:
    """The same figures with what is worked out from them, in the language of the report; None where an old one cannot be read."""
    try:
        figures = thawed(found.figures or {})
    except ValidationError:
        return None
    names = ("subject", "figure", "value", "n", "low", "high")
    with force_locale(found.language):
        _heads, *rows = figures_rows(figures)
    return [{name: _cell(cell) for name, cell in zip(names, row, strict=True)} for row in rows]


def _cell(cell: Any) -> Any:
    """Nothing is null here, as everywhere in this interface."""
    return None if cell == "" else cell
