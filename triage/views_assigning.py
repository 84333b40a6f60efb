"""Whose the new comments of a survey become: chosen on a page, with what would have come of the last ones."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Staff
from core import clock
from core.access import Role, load, require
from core.db import db, writing
from core.ids import row_id
from surveys.models import Survey
from surveys.queries import colleagues
from triage import assigning as verbs
from triage import queries
from triage.assigning import Preview
from triage.feeling.suggesting import suggested
from triage.forms_assigning import CATCHES_ALL, AssigningForm
from triage.models import Comment
from triage.views import blueprint


@blueprint.get("/surveys/<int:survey_id>/assigning")
@require(Role.manager)
def assigning(survey_id: int) -> ResponseReturnValue:
    survey = load(Survey, survey_id)
    return _page(survey, _form(survey))


@blueprint.post("/surveys/<int:survey_id>/assigning")
@require(Role.manager)
def assign(survey_id: int) -> ResponseReturnValue:
    """`step` is add, up, out, preview or keep; only the last one changes anything."""
    survey = load(Survey, survey_id)
    form, (step, place) = _form(survey), _step()
    if step in {"add", "up", "out"}:
        form.rearrange(step, place)
        return _page(survey, form)
    if not form.validate():
        return _page(survey, form), 422
    if step == "preview":
        return _page(survey, form, verbs.would_have_gone(survey, form.plan(), _guess, clock.now()))
    with writing():
        verbs.choose_plan(load(Survey, survey_id), form.plan(), clock.now())
    flash(_("Kept: it holds from the next comment on."))
    return redirect(url_for("triage.assigning", survey_id=survey_id), 303)


def _step() -> tuple[str, int]:
    """(what, which rule): a button says up-2"""
    step, _dash, place = request.form.get("step", "keep").partition("-")
    try:
        return step, row_id(place or "0")
    except ValueError:
        return step, 0


def _form(survey: Survey) -> AssigningForm:
    plan, here = verbs.plan_of(survey), colleagues()
    gone = plan.named - {s.id for s in here}
    return AssigningForm(plan, here, _staff(gone), queries.themes())


def _staff(ids: set[int]) -> Sequence[Staff]:
    return db.session.scalars(select(Staff).where(Staff.id.in_(ids)).order_by(Staff.name)).all()


def _guess(comment: Comment) -> str:
    return suggested(comment.text, comment.response.language)


def _page(survey: Survey, form: AssigningForm, preview: Preview | None = None) -> str:
    names = {s.id: s.name for s in _staff(set(preview.people))} if preview else {}
    people = sorted(preview.people.items(), key=lambda one: -one[1]) if preview else []
    return render_template(
        "triage/assigning.html", survey=survey, form=form, preview=preview, catches_all=CATCHES_ALL,
        people=[(names.get(id, ""), n) for id, n in people],
    )  # fmt: skip
