"""Answers that came in elsewhere: the file, what its columns say, what is wrong with it, and putting it in. And all answers as a file."""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, access, allowed, load, own, require
from core.db import db, writing
from core.errors import Conflict, DomainError
from core.saying import written
from core.spreadsheets.csv_files import csv_stream
from core.spreadsheets.xlsx_files import sent, xlsx_file
from followup.exports import exporting_answers, exporting_sheets
from followup.imports import importing
from followup.imports.forms import ColumnsForm, FileForm, columns_form
from followup.views import blueprint
from surveys.imports.importing import Plan
from surveys.imports.models import Import, ImportFile
from surveys.models import Survey

FORM = 256 * 1024
"""Bytes of the form around a file."""
SHOWN = 20
"""Rows of those that were refused that stand on the page; all of them are in the file."""
LATELY = 20


@blueprint.url_value_preprocessor
def room_for_a_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anybody reads the form: its token lies behind the file."""
    if endpoint == "followup.begin_import":
        request.max_content_length = importing.LARGEST + FORM


@blueprint.get("/surveys/<int:survey_id>/import")
@require(Role.agent)
def import_page(survey_id: int) -> str:
    return _file_page(load(Survey, survey_id), FileForm())


@blueprint.post("/surveys/<int:survey_id>/import")
@require(Role.agent)
def begin_import(survey_id: int) -> ResponseReturnValue:
    """Keep the file; nothing of it is an answer yet."""
    form, survey = FileForm(), load(Survey, survey_id)
    if not form.validate():
        return _file_page(survey, form), 422
    name, content, now = form.file.data.filename, form.content, clock.now()
    try:
        found = importing.read(survey, content, now)
        with writing():
            survey = load(Survey, survey_id)
            made = importing.begin(survey, found, name, content, access().staff_id, now).id
    except DomainError as error:
        form.file.errors = [error.sentence]
        return _file_page(load(Survey, survey_id), form), 422
    return redirect(url_for("followup.import_state", import_id=made), 303)


def _file_page(survey: Survey, form: FileForm) -> str:
    before = own(Import).where(Import.survey_id == survey.id).order_by(Import.id.desc()).limit(LATELY)
    return render_template(
        "followup/import_file.html", survey=survey, form=form, before=db.session.scalars(before).all()
    )


@blueprint.get("/imports/<int:import_id>")
@require(Role.viewer)
def import_state(import_id: int) -> str:
    """What its columns say, how far it is, what was refused: whatever comes next."""
    return _page(load(Import, import_id))


def _page(held: Import, form: ColumnsForm | None = None, problem: str = "") -> str:
    open_ = held.state in {"columns", "checking", "checked"} and allowed(Role.agent)
    plan, problem = _plan(held, problem) if open_ else (None, problem)
    return render_template(
        "followup/import.html", held=held, state=held.state, form=form or (columns_form(held, plan.version) if plan else None),
        first=_first(plan) if plan else [], refused=_refused(held), problem=problem,
        may_work=allowed(Role.agent), may_decide=allowed(Role.manager), own=held.asked_by_id == access().staff_id,
    )  # fmt: skip


def _plan(held: Import, problem: str) -> tuple[Plan | None, str]:
    """Columns that say nothing any more are still shown: what was chosen stays."""
    try:
        return importing.plan_of(held), problem
    except DomainError as error:
        return None, problem or error.sentence


def _first(plan: Plan) -> list[list[str]]:
    """The cells of the first rows."""
    return [row.cells for row in islice((r for r in plan.sheet.rows() if not r.error), 3)]


def _refused(held: Import) -> list[list[str]]:
    """(line, why, …) of the first of them."""
    file = db.session.get(ImportFile, held.id) if held.bad else None
    text = io.StringIO(file.refused.decode("utf-8-sig") if file else "", newline="")
    return list(islice(csv.reader(text), 1, SHOWN + 1))


@blueprint.post("/imports/<int:import_id>/columns")
@require(Role.agent)
def import_columns(import_id: int) -> ResponseReturnValue:
    """Every row is looked at by the clock."""
    held = load(Import, import_id)
    plan, problem = _plan(held, "")
    if not plan:
        return _page(held, problem=problem), 422
    form = columns_form(held, plan.version)
    if not form.validate():
        return _page(held, form), 422
    try:
        with writing():
            importing.choose(load(Import, import_id), form.way.data, form.chosen, clock.now())
    except Conflict as late:
        flash(late.sentence, "error")
    except DomainError as error:
        return _page(load(Import, import_id), form, error.sentence), 422
    return redirect(url_for("followup.import_state", import_id=import_id), 303)


@blueprint.post("/imports/<int:import_id>/wish")
@require(Role.agent)
def import_wish(import_id: int) -> ResponseReturnValue:
    """Put it in; where it would write to many, once a manager has looked."""
    return _done(import_id, lambda held, now: importing.want(held, access().staff_id, now))


@blueprint.post("/imports/<int:import_id>/approval")
@require(Role.manager)
def import_approval(import_id: int) -> ResponseReturnValue:
    return _done(import_id, importing.approve)


@blueprint.post("/imports/<int:import_id>/cancellation")
@require(Role.agent)
def import_cancellation(import_id: int) -> ResponseReturnValue:
    return _done(import_id, importing.cancel)


def _done(import_id: int, verb: Callable[[Import, datetime], None]) -> ResponseReturnValue:
    with written():
        verb(load(Import, import_id), clock.now())
    return redirect(url_for("followup.import_state", import_id=import_id), 303)


@blueprint.get("/imports/<int:import_id>/refused.csv")
@require(Role.agent)
def import_refused(import_id: int) -> Response:
    """The rows that were refused, as they were, each with why: to be put right and taken in again."""
    file = db.session.get(ImportFile, load(Import, import_id).id)
    named = {
        "Content-Disposition": f'attachment; filename="refused-{import_id}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(file.refused if file else b"", mimetype="text/csv", headers=named)


@blueprint.get("/surveys/<int:survey_id>/responses.csv")
@require(Role.manager)
def responses_file(survey_id: int) -> Response:
    """Every answer, one row each, sent as it is read."""
    survey = load(Survey, survey_id)
    named = {"Content-Disposition": f'attachment; filename="{survey.slug}.csv"', "Cache-Control": "no-store"}
    found = csv_stream(exporting_answers.pages(survey, clock.now()))
    return Response(stream_with_context(found), mimetype="text/csv", headers=named)


@blueprint.get("/surveys/<int:survey_id>/responses.xlsx")
@require(Role.manager)
def responses_sheet(survey_id: int) -> Response:
    """The same for a spreadsheet. It is whole before it is sent: on the disk, not in memory."""
    survey = load(Survey, survey_id)
    slug, (heads, rows) = survey.slug, exporting_sheets.sheet(survey, clock.now())
    return sent(xlsx_file(_("Answers"), heads, rows), slug)
