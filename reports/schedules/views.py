"""A manager's desk for reports on a schedule: make one, see what became of each period, change who reads it, end it."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.access import Role, access, load, own, require
from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Organisation
from core.saying import written
from reports.schedules import scheduling
from reports.schedules.forms import ALL, ReadersForm, ScheduleForm, schedule_form
from reports.schedules.models import Run, Schedule
from reports.schedules.readers import standings
from reports.schedules.wording import EVERY, WHY
from reports.views import blueprint
from surveys.models import Survey

SHOWN = 24
"""Periods of one schedule."""


@blueprint.get("/reports/schedules")
@require(Role.manager)
def schedules() -> ResponseReturnValue:
    """What comes by itself, and a form for one more."""
    return _list(_form())


def _form() -> ScheduleForm:
    opened = own(Survey).where(Survey.opened_at.is_not(None)).order_by(Survey.id)
    return schedule_form(list(db.session.scalars(opened)), g.language)


def _list(form: ScheduleForm, status: int = 200) -> ResponseReturnValue:
    found = db.session.scalars(own(Schedule).order_by(Schedule.ended_at.is_not(None), Schedule.id.desc()))
    shown = [(schedule, standings(schedule), _runs(schedule, 1)) for schedule in found]
    return render_template("reports/schedules.html", form=form, schedules=shown, every=EVERY), status


def _runs(schedule: Schedule, most: int) -> list[Run]:
    query = select(Run).where(Run.schedule_id == schedule.id).order_by(Run.first_day.desc()).limit(most)
    return list(db.session.scalars(query))


@blueprint.post("/reports/schedules")
@require(Role.manager)
def make_schedule() -> ResponseReturnValue:
    """From today on; the period that runs now is the first."""
    form = _form()
    if not form.validate():
        return _list(form, 422)
    try:
        with writing():
            id = _made(form)
    except DomainError as refusal:
        form.form_errors = [refusal.sentence]
        return _list(form, refusal.status)
    flash(_("Saved. The first report comes when the period that runs now is over."))
    return _to(id)


def _made(form: ScheduleForm) -> int:
    by = access()
    survey = load(Survey, form.survey.data) if form.survey.data != ALL else None
    organisation = db.session.get_one(Organisation, by.organisation_id)
    made = scheduling.make(
        organisation, survey, form.every.data, form.language.data, form.mails(), by.staff_id or 0, clock.now()
    )
    return made.id


@blueprint.get("/reports/schedules/<int:schedule_id>")
@require(Role.manager)
def schedule(schedule_id: int) -> ResponseReturnValue:
    """Who reads it, and what became of the last periods."""
    found = load(Schedule, schedule_id)
    readers = "\n".join(one.reader.mail for one in standings(found))
    return _one(found, ReadersForm(data={"language": found.language, "readers": readers}))


def _one(found: Schedule, form: ReadersForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "reports/schedule.html", schedule=found, form=form, readers=standings(found), runs=_runs(found, SHOWN), every=EVERY, why=WHY
    ), status  # fmt: skip


@blueprint.post("/reports/schedules/<int:schedule_id>")
@require(Role.manager)
def change_schedule(schedule_id: int) -> ResponseReturnValue:
    """From the next report on; whoever was taken off can open none any more."""
    found, form = load(Schedule, schedule_id), ReadersForm()
    if not form.validate():
        return _one(found, form, 422)
    try:
        with writing():
            scheduling.change(load(Schedule, schedule_id), form.language.data, form.mails(), clock.now())
    except Conflict as late:
        flash(late.sentence, "error")
    except DomainError as refusal:
        form.form_errors = [refusal.sentence]
        return _one(load(Schedule, schedule_id), form, refusal.status)
    else:
        flash(_("Saved."))
    return _to(schedule_id)


@blueprint.post("/reports/schedules/<int:schedule_id>/end")
@require(Role.manager)
def end_schedule(schedule_id: int) -> ResponseReturnValue:
    """None is made any more; those that were stay in the archive."""
    try:
        with writing():
            scheduling.end(load(Schedule, schedule_id), clock.now())
    except Conflict as late:
        flash(late.sentence, "error")
    else:
        flash(_("Ended. What was made stays in the archive."))
    return _to(schedule_id)


@blueprint.post("/reports/runs/<int:run_id>/again")
@require(Role.manager)
def run_again(run_id: int) -> ResponseReturnValue:
    """What failed of a period is made once more, and mailed."""
    schedule_id = load(Run, run_id).schedule_id
    with written(_("It is being made again. Its readers get it by mail when it is there.")):
        scheduling.again(load(Run, run_id), clock.now())
    return _to(schedule_id)


def _to(schedule_id: int) -> ResponseReturnValue:
    return redirect(url_for("reports.schedule", schedule_id=schedule_id), 303)
