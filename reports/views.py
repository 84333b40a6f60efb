"""Reports on pages: ask for one, see how far it is, read it, keep it."""

from flask import Blueprint, Response, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core import clock
from core.access import Role, access, allowed, load, own, require
from core.db import db, writing
from core.errors import DomainError
from core.models import Organisation
from reports.asking import ask
from reports.erasure.revising import revisions
from reports.forms import ReportForm, report_form
from reports.models import Report
from surveys.models import Survey

blueprint = Blueprint("reports", __name__)
SHOWN = 50


@blueprint.get("/reports")
@require(Role.viewer)
def reports() -> ResponseReturnValue:
    """The archive, newest first, and a form to ask for one more."""
    return _list(_form())


@blueprint.post("/reports")
@require(Role.agent)
def create() -> ResponseReturnValue:
    """Ask for a report; a tick renders it."""
    form = _form()
    if not form.validate():
        return _list(form), 422
    try:
        return redirect(url_for("reports.report", report_id=_asked(form)), 303)
    except DomainError as error:  # nothing that was chosen is lost
        (form.channel if form.only() else form.last).errors = [error.sentence]
        return _list(form), 422


def _form() -> ReportForm:
    surveys = list(db.session.scalars(own(Survey).where(Survey.opened_at.is_not(None)).order_by(Survey.id)))
    timezone = db.session.get_one(Organisation, access().organisation_id).timezone
    return report_form(surveys, clock.local_date(clock.now(), timezone), g.language)


def _asked(form: ReportForm) -> int:
    with writing():
        survey = load(Survey, form.survey.data)
        report = ask(survey, *form.days(), form.language.data, access().actor, clock.now(), form.only())
        db.session.flush()
        return report.id


def _list(form: ReportForm) -> str:
    query = own(Report).order_by(Report.id.desc()).limit(SHOWN)
    found = list(db.session.scalars(query))
    return render_template("reports/list.html", form=form, reports=found, manages=allowed(Role.manager))


@blueprint.get("/reports/<int:report_id>")
@require(Role.viewer)
def report(report_id: int) -> ResponseReturnValue:
    """How far it is; when it is ready, where to read it."""
    found = load(Report, report_id)
    there = db.session.scalar(select(Report.pdf.is_not(None)).where(Report.id == found.id))
    return render_template("reports/report.html", report=found, revisions=revisions(found), there=there)


@blueprint.get("/reports/<int:report_id>.pdf")
@require(Role.viewer)
def pdf(report_id: int) -> Response:
    """The archived bytes, unaltered; 404 until they are there, and when they are past their time."""
    found = load(Report, report_id)
    return pdf_response(found)


def pdf_response(found: Report) -> Response:
    held = db.session.scalar(select(Report.pdf).where(Report.id == found.id)) or abort(404)
    name = f"{found.survey.slug}-{found.first_day}-{found.last_day}-{found.language}.pdf"
    return Response(
        held, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
