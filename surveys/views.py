"""Where staff make surveys, open and close them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from core import clock, links
from core.access import Role, access, allowed, load, require
from core.db import writing
from core.errors import DomainError
from core.headers import show_frames
from core.languages import LANGUAGES
from core.uploads import takes
from surveys import queries
from surveys.builder.building import close_survey, create_survey, open_survey
from surveys.builder.copying import starter
from surveys.builder.differences import waiting
from surveys.builder.filling import begin_with
from surveys.builder.forms import SurveyForm
from surveys.builder.forms_languages import FORM, in_languages, in_order_of_list, sent
from surveys.builder.missing import in_each_language, refuse_unknowing
from surveys.kinds.names import kind_words, starter_words
from surveys.models import Survey
from surveys.settings.forms_answering import AnsweringForm
from surveys.settings.forms_closing import ClosingForm
from surveys.settings.forms_watching import WatchForm
from surveys.suspecting import undecided

blueprint = Blueprint("surveys", __name__, url_prefix="/surveys")


@blueprint.get("")
@require(Role.viewer)
def index() -> str:
    """All surveys, newest first."""
    return render_template("surveys/list.html", lines=queries.lines(), may_make=allowed(Role.manager))


@blueprint.get("/new")
@require(Role.manager)
def new() -> str:
    """A form with three questions that close a loop, or with those of a template."""
    colleagues = queries.colleagues()
    asking = access().staff_id or colleagues[0].id
    held = starter(request.args.get("from", ""))
    if held:
        form = in_languages(SurveyForm, in_order_of_list({*LANGUAGES, *held.title}))
        return _form(begin_with(form(formdata=None).staff(colleagues), held, asking))
    return _form(
        in_languages(SurveyForm, LANGUAGES)(formdata=None)
        .staff(colleagues)
        .start(queries.own_language(), asking)
    )


@blueprint.post("/new")
@require(Role.manager)
@takes(FORM)
def create() -> ResponseReturnValue:
    """Make the survey; the buttons inside the form only change its rows."""
    form = in_languages(SurveyForm, sent(request.form, LANGUAGES))().staff(queries.colleagues())
    if form.changed_rows(request.form):
        return _form(form)
    if not form.validate_on_submit():
        return _form(form), 422
    try:
        made = _create(form)
    except DomainError as error:
        form.slug.errors = [error.sentence]
        return _form(form), error.status
    flash(_("The survey is made. Open it when customers may answer."))
    return redirect(url_for("surveys.page", survey_id=made), 303)


def _form(form: SurveyForm) -> str:
    show_frames()
    return render_template(
        "surveys/new.html",
        form=form.offer_earlier(),
        kinds=kind_words(),
        site=links.public_url("/s/"),
        starters=starter_words(),
    )


def _create(form: SurveyForm) -> int:
    """The id of the new survey; DomainError when its address is taken, also when that happens at the same moment."""
    try:
        with writing():
            survey = create_survey(
                access().organisation_id, form.address, form.titles, form.language.data, form.signer.data, form.drafts(),
                clock.now(), deputy_id=form.deputy.data or None, reply=form.reply,
            )  # fmt: skip
            return survey.id
    except IntegrityError:
        raise DomainError(
            _("The address “%(slug)s” is in use. Choose another one.", slug=form.address)
        ) from None


@blueprint.get("/<int:survey_id>")
@require(Role.viewer)
def page(survey_id: int) -> str:
    """One survey: where it is answered, its state, its questions, and the pages about its answers."""
    return shown(load(Survey, survey_id))


def shown(
    survey: Survey,
    closing: ClosingForm | None = None,
    watching: WatchForm | None = None,
    answering: AnsweringForm | None = None,
) -> str:
    """The page with its form; when that was sent, it keeps what was typed."""
    return render_template(
        "surveys/page.html", survey=survey, responses=queries.answered(survey), questions=survey.versions[-1].questions,
        kinds=kind_words(), address=links.public_url(f"/s/{survey.slug}"), may_change=allowed(Role.manager), may_add=allowed(Role.agent),
        trial=links.token("trial", survey.id), tests=queries.tests(survey), changes=waiting(survey), languages=in_each_language(survey), left_out=queries.left_out(survey), versions=queries.versions(survey), retired=queries.retired(survey),
        closing=closing or ClosingForm(survey), watching=watching or WatchForm(survey), suspects=undecided(survey),
        answering=answering or AnsweringForm(survey),
    )  # fmt: skip


@blueprint.post("/<int:survey_id>/opening")
@require(Role.manager)
def opening(survey_id: int) -> ResponseReturnValue:
    """Customers may answer from now on; where words are missing, only knowingly."""
    with writing():
        survey = load(Survey, survey_id)
        refuse_unknowing(survey, "knowingly" in request.form)
        open_survey(survey, clock.now())
    flash(_("The survey is open: customers can answer it now."))
    return redirect(url_for("surveys.page", survey_id=survey_id), 303)


@blueprint.post("/<int:survey_id>/closing")
@require(Role.manager)
def closing(survey_id: int) -> ResponseReturnValue:
    """No more answers; what is owed stays owed."""
    with writing():
        close_survey(load(Survey, survey_id), clock.now())
    flash(_("The survey is closed. Whoever answered it still hears from you."))
    return redirect(url_for("surveys.page", survey_id=survey_id), 303)
