"""Where staff change a survey that exists, and publish its new questions."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from core import clock, links
from core.access import Role, load, require
from core.db import writing
from core.errors import DomainError
from core.headers import show_frames
from core.uploads import takes
from surveys import queries
from surveys.builder import editing
from surveys.builder.forms_editing import EditForm
from surveys.builder.forms_languages import FORM, in_languages, in_use, sent
from surveys.builder.missing import refuse_unknowing
from surveys.kinds.names import kind_words
from surveys.models import Survey
from surveys.views import blueprint


@blueprint.get("/<int:survey_id>/edit")
@require(Role.manager)
def edit(survey_id: int) -> str:
    """The survey as it is, to be changed."""
    return _form(_blank(survey_id).fill())


@blueprint.post("/<int:survey_id>/edit")
@require(Role.manager)
@takes(FORM)
def change(survey_id: int) -> ResponseReturnValue:
    """Keep it; the buttons inside the form only change its rows."""
    form = _blank(survey_id)
    if form.changed_rows(request.form):
        return _form(form)
    if not form.validate_on_submit():
        return _form(form), 422
    try:
        new_questions = _keep(survey_id, form)
    except DomainError as error:
        form.form_errors.append(error.sentence)
        return _form(form), error.status
    except IntegrityError:
        form.form_errors.append(
            _("The address “%(slug)s” is in use. Choose another one.", slug=form.slug.data)
        )
        return _form(form), 409
    flash(_("Kept.") + " " + _what_holds(new_questions))
    return redirect(url_for("surveys.page", survey_id=survey_id), 303)


def _blank(survey_id: int) -> EditForm:
    survey = load(Survey, survey_id)
    form: EditForm = in_languages(EditForm, sent(request.form, in_use(survey)))(survey)
    form.staff(queries.colleagues_and(survey))
    return form


def _keep(survey_id: int, form: EditForm) -> bool:
    """Whether there are questions now that nobody sees yet."""
    with writing():
        survey, now = load(Survey, survey_id), clock.now()
        editing.edit_survey(survey, form.change(), now)
        waiting = bool(survey.opened_at and not survey.versions[-1].published_at)
        if waiting and "publish" in request.form:
            refuse_unknowing(survey, "knowingly" in request.form)
            editing.publish(survey, now)
    return waiting and "publish" not in request.form


def _what_holds(new_questions: bool) -> str:
    if new_questions:
        return _("Customers still see the questions as they were: publish the new ones when you are ready.")
    return _("It holds for whoever opens the survey from now on; who answered already keeps what they saw.")


def _form(form: EditForm) -> str:
    show_frames()
    return render_template(
        "surveys/edit.html", form=form.offer_earlier(), kinds=kind_words(), survey=form.survey, site=links.public_url("/s/"),
        answered=queries.answered(form.survey),
    )  # fmt: skip


@blueprint.post("/<int:survey_id>/publication")
@require(Role.manager)
def publication(survey_id: int) -> ResponseReturnValue:
    """From now on customers see the newest questions."""
    with writing():
        survey = load(Survey, survey_id)
        refuse_unknowing(survey, "knowingly" in request.form)
        editing.publish(survey, clock.now())
    flash(_("Published. Whoever opens the survey from now on sees the new questions."))
    return redirect(url_for("surveys.page", survey_id=survey_id), 303)


@blueprint.post("/<int:survey_id>/discarding")
@require(Role.manager)
def discarding(survey_id: int) -> ResponseReturnValue:
    """The questions that nobody saw yet are forgotten."""
    with writing():
        editing.discard(load(Survey, survey_id), clock.now())
    flash(_("The new questions are thrown away. Customers see what they saw."))
    return redirect(url_for("surveys.page", survey_id=survey_id), 303)
